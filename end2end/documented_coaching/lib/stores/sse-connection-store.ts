import { create } from 'zustand';
import { devtools } from 'zustand/middleware';

export enum SseConnectionState {
  Disconnected = "Disconnected",
  Connecting = "Connecting",
  Connected = "Connected",
  Reconnecting = "Reconnecting",
  Error = "Error",
}

interface SseError {
  message: string;
  timestamp: Date;
  attemptNumber: number;
}

interface SseConnectionStateData {
  state: SseConnectionState;
  lastError: SseError | null;
  reconnectAttempts: number;
  lastConnectedAt: Date | null;
  lastEventAt: Date | null;
}

interface SseConnectionActions {
  setConnecting: () => void;
  setConnected: () => void;
  setReconnecting: (attempt: number) => void;
  setError: (error: string) => void;
  setDisconnected: () => void;
  recordEvent: () => void;
  resetReconnectAttempts: () => void;
}

export type SseConnectionStore = SseConnectionStateData & SseConnectionActions;

const defaultState: SseConnectionStateData = {
  state: SseConnectionState.Disconnected,
  lastError: null,
  reconnectAttempts: 0,
  lastConnectedAt: null,
  lastEventAt: null,
};

export const createSseConnectionStore = () => {
  return create<SseConnectionStore>()(
    devtools(
      (set) => ({
        ...defaultState,

        setConnecting: () => {
          set({ state: SseConnectionState.Connecting });
        },

        setConnected: () => {
          set({
            state: SseConnectionState.Connected,
            lastConnectedAt: new Date(),
            reconnectAttempts: 0,
            lastError: null,
          });
        },

        setReconnecting: (attempt: number) => {
          set({
            state: SseConnectionState.Reconnecting,
            reconnectAttempts: attempt,
          });
        },

        setError: (message: string) => {
          set((state) => ({
            state: SseConnectionState.Error,
            lastError: {
              message,
              timestamp: new Date(),
              attemptNumber: state.reconnectAttempts,
            },
          }));
        },

        setDisconnected: () => {
          set(defaultState);
        },

        recordEvent: () => {
          set({ lastEventAt: new Date() });
        },

        resetReconnectAttempts: () => {
          set({ reconnectAttempts: 0 });
        },
      }),
      { name: 'sse-connection-store' }
    )
  );
};

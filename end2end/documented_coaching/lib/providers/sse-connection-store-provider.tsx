"use client";

import {
  type ReactNode,
  createContext,
  useRef,
  useContext,
} from 'react';
import { type StoreApi, useStore } from 'zustand';
import { type SseConnectionStore, createSseConnectionStore } from '@/lib/stores/sse-connection-store';
import { useShallow } from 'zustand/shallow';

export const SseConnectionStoreContext = createContext<StoreApi<SseConnectionStore> | null>(null);

export interface SseConnectionStoreProviderProps {
  children: ReactNode;
}

export const SseConnectionStoreProvider = ({ children }: SseConnectionStoreProviderProps) => {
  const storeRef = useRef<StoreApi<SseConnectionStore>>();

  if (!storeRef.current) {
    storeRef.current = createSseConnectionStore();
  }

  return (
    <SseConnectionStoreContext.Provider value={storeRef.current}>
      {children}
    </SseConnectionStoreContext.Provider>
  );
};

export const useSseConnectionStore = <T,>(
  selector: (store: SseConnectionStore) => T
): T => {
  const context = useContext(SseConnectionStoreContext);

  if (!context) {
    throw new Error('useSseConnectionStore must be used within SseConnectionStoreProvider');
  }

  return useStore(context, useShallow(selector));
};

"use client";

import { useEffect, useRef, useCallback } from 'react';
import { siteConfig } from '@/site.config';
import { useSseConnectionStore } from '@/lib/providers/sse-connection-store-provider';
import { SseConnectionState } from '@/lib/stores/sse-connection-store';

interface ReconnectionConfig {
  maxAttempts: number;
  initialDelay: number;
  maxDelay: number;
  backoffMultiplier: number;
}

const DEFAULT_RECONNECTION_CONFIG: ReconnectionConfig = {
  maxAttempts: 10,
  initialDelay: 1000,      // 1 second
  maxDelay: 30000,         // 30 seconds
  backoffMultiplier: 1.5,
};

/**
 * Core SSE connection hook with automatic reconnection and exponential backoff.
 *
 * Features:
 * - Auth-gated connection (only connects when user is authenticated)
 * - Automatic reconnection with exponential backoff
 * - Connection state management via Zustand store
 * - Graceful cleanup on unmount and logout
 * - Event listener management
 *
 * @param isLoggedIn - Whether the user is authenticated (gates connection establishment)
 * @returns EventSource instance or null if not connected
 */
export function useSseConnection(isLoggedIn: boolean) {
  const eventSourceRef = useRef<EventSource | null>(null);
  const reconnectTimeoutRef = useRef<NodeJS.Timeout | null>(null);
  const reconnectAttemptsRef = useRef(0);
  const mountedRef = useRef(true);

  const {
    setConnecting,
    setConnected,
    setReconnecting,
    setError,
    setDisconnected,
    resetReconnectAttempts,
  } = useSseConnectionStore((store) => ({
    setConnecting: store.setConnecting,
    setConnected: store.setConnected,
    setReconnecting: store.setReconnecting,
    setError: store.setError,
    setDisconnected: store.setDisconnected,
    resetReconnectAttempts: store.resetReconnectAttempts,
  }));

  const calculateBackoff = useCallback((attempt: number): number => {
    const delay = Math.min(
      DEFAULT_RECONNECTION_CONFIG.initialDelay *
        Math.pow(DEFAULT_RECONNECTION_CONFIG.backoffMultiplier, attempt),
      DEFAULT_RECONNECTION_CONFIG.maxDelay
    );
    return delay;
  }, []);

  const cleanup = useCallback(() => {
    if (eventSourceRef.current) {
      eventSourceRef.current.close();
      eventSourceRef.current = null;
    }
    if (reconnectTimeoutRef.current) {
      clearTimeout(reconnectTimeoutRef.current);
      reconnectTimeoutRef.current = null;
    }
  }, []);

  const connect = useCallback(() => {
    if (!mountedRef.current || !isLoggedIn) return;

    // Close existing connection
    cleanup();

    setConnecting();

    try {
      const es = new EventSource(
        `${siteConfig.env.backendServiceURL}/sse`,
        { withCredentials: true }
      );

      es.onopen = () => {
        if (!mountedRef.current) {
          es.close();
          return;
        }
        console.log('[SSE] Connection established');
        setConnected();
        resetReconnectAttempts();
        reconnectAttemptsRef.current = 0;
      };

      es.onerror = (error) => {
        if (!mountedRef.current) return;

        console.error('[SSE] Connection error:', error);

        // EventSource automatically attempts to reconnect on error
        // We handle the error state and implement our own backoff
        reconnectAttemptsRef.current += 1;
        const currentAttempts = reconnectAttemptsRef.current;

        if (currentAttempts >= DEFAULT_RECONNECTION_CONFIG.maxAttempts) {
          setError(`Max reconnection attempts (${DEFAULT_RECONNECTION_CONFIG.maxAttempts}) reached`);
          cleanup();
        } else {
          setError(`Connection error (attempt ${currentAttempts})`);
          setReconnecting(currentAttempts);

          const delay = calculateBackoff(currentAttempts);
          console.log(`[SSE] Reconnecting in ${delay}ms...`);

          reconnectTimeoutRef.current = setTimeout(() => {
            if (mountedRef.current && isLoggedIn) {
              connect();
            }
          }, delay);
        }
      };

      eventSourceRef.current = es;
    } catch (error) {
      console.error('[SSE] Failed to create EventSource:', error);
      setError(error instanceof Error ? error.message : 'Unknown error');
    }
  }, [
    cleanup,
    setConnecting,
    setConnected,
    setError,
    setReconnecting,
    resetReconnectAttempts,
    calculateBackoff,
    isLoggedIn,
  ]);

  // Establish connection when logged in, disconnect when logged out
  useEffect(() => {
    mountedRef.current = true;

    if (isLoggedIn) {
      connect();
    } else {
      cleanup();
      setDisconnected();
    }

    // Cleanup on unmount
    return () => {
      mountedRef.current = false;
      cleanup();
      setDisconnected();
    };
  }, [isLoggedIn, connect, cleanup, setDisconnected]);

  return eventSourceRef.current;
}

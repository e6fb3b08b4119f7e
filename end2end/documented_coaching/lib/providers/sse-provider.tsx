"use client";

import { type ReactNode } from 'react';
import { SseConnectionStoreProvider } from './sse-connection-store-provider';
import { useAuthStore } from '@/lib/providers/auth-store-provider';
import { useSseConnection } from '@/lib/hooks/use-sse-connection';
import { useSseCacheInvalidation } from '@/lib/hooks/use-sse-cache-invalidation';
import { useSseSystemEvents } from '@/lib/hooks/use-sse-system-events';

interface SseClientProps {
  children: ReactNode;
}

/**
 * Internal component that establishes SSE connection and sets up event handlers.
 * Must be rendered inside SseConnectionStoreProvider and AuthStoreProvider.
 */
function SseClient({ children }: SseClientProps) {
  const isLoggedIn = useAuthStore((store) => store.isLoggedIn);
  const eventSource = useSseConnection(isLoggedIn);

  // Auto-invalidate SWR caches on events
  useSseCacheInvalidation(eventSource);

  // Handle system events (force logout)
  useSseSystemEvents(eventSource);

  return <>{children}</>;
}

/**
 * Main SSE provider that wraps the application.
 * Establishes single app-wide SSE connection and handles all events.
 *
 * Usage:
 * ```tsx
 * <SseProvider>
 *   <YourApp />
 * </SseProvider>
 * ```
 */
export function SseProvider({ children }: SseClientProps) {
  return (
    <SseConnectionStoreProvider>
      <SseClient>{children}</SseClient>
    </SseConnectionStoreProvider>
  );
}

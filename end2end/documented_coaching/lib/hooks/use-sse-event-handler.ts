"use client";

import { useEffect, useRef } from 'react';
import type { SseEventType, SseEventData } from '@/types/sse-events';
import { useSseConnectionStore } from '@/lib/providers/sse-connection-store-provider';
import { transformEntityDates } from '@/types/general';

/**
 * Type-safe SSE event handler hook.
 *
 * Features:
 * - Strong typing (no `any` types)
 * - Automatic event listener cleanup
 * - Date transformation for consistency with REST API
 * - Connection state tracking
 * - Runtime type validation (optional)
 *
 * @template T - The expected event data type
 * @param eventSource - The EventSource instance
 * @param eventType - The SSE event type to listen for
 * @param handler - Callback function to handle the event
 * @param typeGuard - Optional runtime type guard for validation
 */
export function useSseEventHandler<T extends SseEventData>(
  eventSource: EventSource | null,
  eventType: SseEventType,
  handler: (data: T) => void,
  typeGuard?: (data: unknown) => data is T
) {
  // Use ref to avoid recreating listener on every render
  const handlerRef = useRef(handler);
  const recordEvent = useSseConnectionStore((store) => store.recordEvent);

  // Update ref when handler changes
  useEffect(() => {
    handlerRef.current = handler;
  }, [handler]);

  useEffect(() => {
    if (!eventSource) return;

    const listener = (e: MessageEvent) => {
      try {
        // Parse event data
        const parsed = JSON.parse(e.data);

        // Transform dates (consistent with REST API)
        const transformed = transformEntityDates(parsed);

        // Optional runtime validation
        if (typeGuard && !typeGuard(transformed.data)) {
          console.error(
            `[SSE] Type guard failed for event ${eventType}:`,
            transformed.data
          );
          return;
        }

        // Record event for connection health tracking
        recordEvent();

        // Invoke handler with typed data
        handlerRef.current(transformed.data as T);
      } catch (error) {
        console.error(`[SSE] Failed to parse ${eventType} event:`, error, e.data);
      }
    };

    eventSource.addEventListener(eventType, listener);

    return () => {
      eventSource.removeEventListener(eventType, listener);
    };
  }, [eventSource, eventType, typeGuard, recordEvent]);
}

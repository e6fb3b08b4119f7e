"use client";

import { useRouter } from 'next/navigation';
import { useAuthStore } from '@/lib/providers/auth-store-provider';
import { useLogoutUser } from '@/lib/hooks/use-logout-user';
import { useSseEventHandler } from './use-sse-event-handler';
import type { ForceLogoutData } from '@/types/sse-events';

/**
 * Handle system-level SSE events (force logout, etc.)
 * Integrates with existing auth infrastructure rather than direct manipulation.
 *
 * @param eventSource - The SSE connection
 */
export function useSseSystemEvents(eventSource: EventSource | null) {
  const router = useRouter();
  const logout = useLogoutUser();
  const isLoggedIn = useAuthStore((store) => store.isLoggedIn);

  useSseEventHandler<ForceLogoutData>(
    eventSource,
    'force_logout',
    async (data) => {
      console.warn('[SSE] Force logout received:', data.reason);

      if (isLoggedIn) {
        // Use existing logout infrastructure (cleans up stores, calls API, etc.)
        await logout();

        // Redirect with reason
        router.push(`/login?reason=forced_logout&message=${encodeURIComponent(data.reason)}`);
      }
    }
  );
}

"use client";

import { useCallback } from 'react';
import { useSWRConfig } from 'swr';
import { siteConfig } from '@/site.config';
import { useSseEventHandler } from './use-sse-event-handler';
import type {
  ActionCreatedData,
  ActionUpdatedData,
  ActionDeletedData,
  AgreementCreatedData,
  AgreementUpdatedData,
  AgreementDeletedData,
  GoalCreatedData,
  GoalUpdatedData,
  GoalDeletedData,
} from '@/types/sse-events';

/**
 * SSE cache invalidation hook that automatically revalidates SWR caches
 * when SSE events are received.
 *
 * THIS IS THE SIMPLEST SOLUTION:
 * - Rather than manually updating component state, we invalidate SWR caches
 * - SWR automatically refetches the data
 * - Existing components using useActionList, useAction, etc. require NO changes
 * - Consistent with existing REST API patterns
 * - Automatic deduplication and batching
 *
 * @param eventSource - The SSE connection
 */
export function useSseCacheInvalidation(eventSource: EventSource | null) {
  const { mutate } = useSWRConfig();
  const baseUrl = siteConfig.env.backendServiceURL;

  // ==================== ACTION EVENTS ====================

  useSseEventHandler<ActionCreatedData>(
    eventSource,
    'action_created',
    (data) => {
      // Invalidate all action caches
      mutate((key) => typeof key === 'string' && key.includes(`${baseUrl}/actions`));

      console.log('[SSE] Revalidated actions for session:', data.coaching_session_id);
    }
  );

  useSseEventHandler<ActionUpdatedData>(
    eventSource,
    'action_updated',
    (data) => {
      // Invalidate all action caches
      mutate((key) => typeof key === 'string' && key.includes(`${baseUrl}/actions`));

      console.log('[SSE] Revalidated action:', data.action.id);
    }
  );

  useSseEventHandler<ActionDeletedData>(
    eventSource,
    'action_deleted',
    (data) => {
      // Invalidate all action caches
      mutate((key) => typeof key === 'string' && key.includes(`${baseUrl}/actions`));

      console.log('[SSE] Revalidated actions after deletion:', data.action_id);
    }
  );

  // ==================== AGREEMENT EVENTS ====================

  useSseEventHandler<AgreementCreatedData>(
    eventSource,
    'agreement_created',
    (data) => {
      // Invalidate all agreement caches
      mutate((key) => typeof key === 'string' && key.includes(`${baseUrl}/agreements`));

      console.log('[SSE] Revalidated agreements for relationship:', data.coaching_relationship_id);
    }
  );

  useSseEventHandler<AgreementUpdatedData>(
    eventSource,
    'agreement_updated',
    (data) => {
      // Invalidate all agreement caches
      mutate((key) => typeof key === 'string' && key.includes(`${baseUrl}/agreements`));

      console.log('[SSE] Revalidated agreement:', data.agreement.id);
    }
  );

  useSseEventHandler<AgreementDeletedData>(
    eventSource,
    'agreement_deleted',
    (data) => {
      // Invalidate all agreement caches
      mutate((key) => typeof key === 'string' && key.includes(`${baseUrl}/agreements`));

      console.log('[SSE] Revalidated agreements after deletion:', data.agreement_id);
    }
  );

  // ==================== GOAL EVENTS ====================

  useSseEventHandler<GoalCreatedData>(
    eventSource,
    'goal_created',
    (data) => {
      // Invalidate all goal caches
      mutate((key) => typeof key === 'string' && key.includes(`${baseUrl}/overarching_goals`));

      console.log('[SSE] Revalidated goals for relationship:', data.coaching_relationship_id);
    }
  );

  useSseEventHandler<GoalUpdatedData>(
    eventSource,
    'goal_updated',
    (data) => {
      // Invalidate all goal caches
      mutate((key) => typeof key === 'string' && key.includes(`${baseUrl}/overarching_goals`));

      console.log('[SSE] Revalidated goal:', data.goal.id);
    }
  );

  useSseEventHandler<GoalDeletedData>(
    eventSource,
    'goal_deleted',
    (data) => {
      // Invalidate all goal caches
      mutate((key) => typeof key === 'string' && key.includes(`${baseUrl}/overarching_goals`));

      console.log('[SSE] Revalidated goals after deletion:', data.goal_id);
    }
  );
}

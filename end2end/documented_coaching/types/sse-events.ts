import { Id } from './general';
import { Action } from './action';
import { Agreement } from './agreement';
import { OverarchingGoal } from './overarching-goal';

/**
 * SSE event types - must match backend exactly
 */
export type SseEventType =
  | 'action_created'
  | 'action_updated'
  | 'action_deleted'
  | 'agreement_created'
  | 'agreement_updated'
  | 'agreement_deleted'
  | 'goal_created'
  | 'goal_updated'
  | 'goal_deleted'
  | 'force_logout';

/**
 * SSE event payload wrapper - matches backend serialization
 * Backend sends: { type: "action_created", data: { coaching_session_id, action } }
 */
export interface SseEventEnvelope<T> {
  type: SseEventType;
  data: T;
}

// Session-scoped events
export interface ActionCreatedData {
  coaching_session_id: Id;
  action: Action;
}

export interface ActionUpdatedData {
  coaching_session_id: Id;
  action: Action;
}

export interface ActionDeletedData {
  coaching_session_id: Id;
  action_id: Id;
}

// Relationship-scoped events
export interface AgreementCreatedData {
  coaching_relationship_id: Id;
  agreement: Agreement;
}

export interface AgreementUpdatedData {
  coaching_relationship_id: Id;
  agreement: Agreement;
}

export interface AgreementDeletedData {
  coaching_relationship_id: Id;
  agreement_id: Id;
}

export interface GoalCreatedData {
  coaching_relationship_id: Id;
  goal: OverarchingGoal;
}

export interface GoalUpdatedData {
  coaching_relationship_id: Id;
  goal: OverarchingGoal;
}

export interface GoalDeletedData {
  coaching_relationship_id: Id;
  goal_id: Id;
}

// System events
export interface ForceLogoutData {
  reason: string;
}

// Union type for all event data
export type SseEventData =
  | ActionCreatedData
  | ActionUpdatedData
  | ActionDeletedData
  | AgreementCreatedData
  | AgreementUpdatedData
  | AgreementDeletedData
  | GoalCreatedData
  | GoalUpdatedData
  | GoalDeletedData
  | ForceLogoutData;

/**
 * Type guards for runtime validation
 */
export function isActionCreatedData(data: unknown): data is ActionCreatedData {
  if (!data || typeof data !== 'object') return false;
  const obj = data as Record<string, unknown>;
  return (
    typeof obj.coaching_session_id === 'string' &&
    typeof obj.action === 'object' &&
    obj.action !== null
  );
}

export function isActionUpdatedData(data: unknown): data is ActionUpdatedData {
  return isActionCreatedData(data);
}

export function isActionDeletedData(data: unknown): data is ActionDeletedData {
  if (!data || typeof data !== 'object') return false;
  const obj = data as Record<string, unknown>;
  return (
    typeof obj.coaching_session_id === 'string' &&
    typeof obj.action_id === 'string'
  );
}

export function isForceLogoutData(data: unknown): data is ForceLogoutData {
  if (!data || typeof data !== 'object') return false;
  const obj = data as Record<string, unknown>;
  return typeof obj.reason === 'string';
}

// TODO: Add type guards for agreements, goals, etc.

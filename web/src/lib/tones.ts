// How grave a state is.

import type { CameraState, HealthState, PartState, PolicyState, PromiseState, ProposalState, TaskKind, TicketState } from './wire';

export type Tone = 'ok' | 'warn' | 'bad' | 'plain';

export function cameraTone(state: CameraState): Tone {
  if (state === 'recording') return 'ok';
  if (state === 'retired' || state === 'off-hours') return 'plain';
  return state === 'connecting' ? 'warn' : 'bad';
}

export function proposalTone(state: ProposalState): Tone {
  if (state === 'open' || state === 'approved') return 'warn';
  if (state === 'carried-out') return 'ok';
  return state === 'refused' || state === 'failed' ? 'bad' : 'plain';
}

export function ticketTone(state: TicketState): Tone {
  if (state === 'open') return 'warn';
  return state === 'planned' ? 'ok' : 'plain';
}

/** What nobody could look at is neither well nor wrong. */
export function promiseTone(state: PromiseState): Tone {
  if (state === 'kept') return 'ok';
  return state === 'broken' ? 'bad' : 'plain';
}

/** What is broken or late is bad; what has time is to be kept in mind. */
export function taskTone(kind: TaskKind, overdue: boolean): Tone {
  if (kind === 'mend' || overdue) return 'bad';
  return kind === 'attest' ? 'warn' : 'plain';
}

export function policyTone(state: PolicyState): Tone {
  if (state === 'in-force') return 'ok';
  return state === 'announced' ? 'warn' : 'plain';
}

export function partTone(state: PartState | HealthState): Tone {
  if (state === 'ok') return 'ok';
  return state === 'degraded' ? 'warn' : 'bad';
}

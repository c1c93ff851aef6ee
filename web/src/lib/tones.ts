// How grave a state is.

import type { CameraState, HealthState, PartState, ProposalState } from './wire';

export type Tone = 'ok' | 'warn' | 'bad' | 'plain';

export function cameraTone(state: CameraState): Tone {
  if (state === 'recording') return 'ok';
  if (state === 'retired') return 'plain';
  return state === 'connecting' ? 'warn' : 'bad';
}

export function proposalTone(state: ProposalState): Tone {
  if (state === 'open' || state === 'approved') return 'warn';
  if (state === 'carried-out') return 'ok';
  return state === 'refused' || state === 'failed' ? 'bad' : 'plain';
}

export function partTone(state: PartState | HealthState): Tone {
  if (state === 'ok') return 'ok';
  return state === 'degraded' ? 'warn' : 'bad';
}

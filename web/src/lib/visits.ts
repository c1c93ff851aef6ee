// Visits of controlled areas as the pages show them.

import { say } from './language.svelte';
import type { Visit } from './wire';

export const entryOf = (visit: Visit) => `${visit.year}/${visit.number}`;

/** Who came, as far as it may be said here. */
export function nameOf(visit: Visit): string {
  if (visit.withdrawn_at) return say('동의를 거둔 방문자', 'A visitor who took his consent back');
  return visit.detail?.name ?? say('성명을 남기지 않은 방문자', 'A visitor without a name');
}

export function consentName(visit: Visit): string {
  if (visit.withdrawn_at) return say('동의 거둠', 'Consent taken back');
  return visit.consent === 'given' ? say('동의', 'Consents') : say('동의 안 함', 'Does not consent');
}

export const admissionName = (visit: Visit) => (visit.admission === 'granted' ? say('들임', 'Let in') : say('들이지 않음', 'Not let in'));

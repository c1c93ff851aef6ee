// To what somebody is appointed: as the recorder says it, and as a form shows it.

import { say } from './language.svelte';
import { day, dayAndMinute, endOfDay, millis, momentOf, rfc3339, startOfDay } from './time';
import { seesFootage } from './words';
import type { Account, Appointment, Duty, InstitutionPost, Role, Standing } from './wire';

const DAY_MS = 86_400_000;
/** Training counts for a year. */
export const TRAINED_FOR_DAYS = 365;

/** What a form shows: days and minutes as they are typed; empty for what is not said. */
export type Draft = {
  post: string;
  document: string;
  deputyOf: string;
  from: string;
  last: string;
  duty: { from: string; until: string }[];
  pledged: string;
  trained: string;
};

const dayOf = (time: string | null | undefined) => (time ? day(millis(time)) : '');

/** The last day of something that ends at a moment: that of the moment before. */
export const lastDayOf = (time: string) => day(millis(time) - 1);

export function draftOf(appointment: Partial<Appointment>): Draft {
  return {
    post: appointment.post ?? '',
    document: appointment.document ?? '',
    deputyOf: appointment.deputy_of ?? '',
    from: dayOf(appointment.from),
    last: appointment.until ? lastDayOf(appointment.until) : '',
    duty: (appointment.duty ?? []).map((span) => ({
      from: dayAndMinute(millis(span.from)),
      until: dayAndMinute(millis(span.until)),
    })),
    pledged: dayOf(appointment.pledged_at),
    trained: dayOf(appointment.trained_at),
  };
}

export function appointmentOf(draft: Draft): Appointment {
  const begin = (text: string) => (text ? rfc3339(startOfDay(text)) : null);
  const moment = (text: string) => rfc3339(momentOf(text) ?? Number.NaN);
  return {
    post: draft.post || null,
    document: draft.document.trim() || null,
    deputy_of: draft.deputyOf || null,
    from: begin(draft.from),
    until: draft.last ? rfc3339(endOfDay(draft.last)) : null,
    duty: draft.duty.map((span) => ({ from: moment(span.from), until: moment(span.until) })),
    pledged_at: begin(draft.pledged),
    trained_at: begin(draft.trained),
  };
}

/** Whether a form can be sent: every time on duty has both of its ends. */
export const isWhole = (draft: Draft) =>
  draft.duty.every((span) => momentOf(span.from) !== null && momentOf(span.until) !== null);

/** Whoever sees footage or administers pledges and is trained before the account. */
export const isSworn = (roles: Role[]) =>
  roles.some((role) => seesFootage(role) || role === 'administrator');

const FILLS: Partial<Record<Role, Duty[]>> = {
  manager: ['manager', 'protection-officer'],
  officer: ['officer', 'access'],
  operator: ['control-centre'],
};

/** The posts that somebody of these roles can have. */
export const postsFor = (posts: InstitutionPost[], roles: Role[]) =>
  posts.filter((post) => roles.some((role) => FILLS[role]?.includes(post.duty)));

/** What is still to be said of an account. */
export function lacking(account: Account): string[] {
  if (account.ended_at || !isSworn(account.roles)) return [];
  const { post, pledged_at, trained_at, deputy_of } = account.appointment;
  const looks = account.roles.some(seesFootage);
  const isOld = trained_at && Date.now() - millis(trained_at) > TRAINED_FOR_DAYS * DAY_MS;
  return [
    looks && !post && !deputy_of ? say('자리 없음', 'No post') : '',
    pledged_at ? '' : say('서약 없음', 'No pledge'),
    !trained_at ? say('교육 없음', 'No training') : isOld ? say('교육한 지 1년 지남', 'Trained over a year ago') : '',
  ].filter(Boolean);
}

export function standingName(standing: Standing): string {
  const names: Record<Standing, [string, string]> = {
    holds: ['사용 중', 'In use'],
    'not-yet': ['임기 전', 'Not begun'],
    over: ['임기 끝남', 'Over'],
    'off-duty': ['당번 아님', 'Off duty'],
  };
  return say(...names[standing]);
}

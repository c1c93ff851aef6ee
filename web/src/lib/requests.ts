// Persons' requests about footage of themselves, as the pages show them.

import { say } from './language.svelte';
import { spanText } from './span';
import { day, duration, millis, minute } from './time';
import type { Tone } from './tones';
import { holdStateName } from './words';
import type { RequestAgentKind, RequestAsked, RequestChannel, RequestDecided, RequestDue, RequestLine, RequestState, RequestStepWord } from './wire';

type Pair = readonly [ko: string, en: string];

/** As `LONGEST_LINE`, `LONGEST_REASON` and `LONGEST_TEXT` of crates/rights. */
export const LONGEST_LINE = 100;
export const LONGEST_TEXT = 500;
/** How far ahead the end of a postponement may lie. */
export const LONGEST_POSTPONEMENT_DAYS = 60;
/** From here on the board warns. */
const NEAR_DAYS = 3;

const ASKED: Record<RequestAsked, Pair> = {
  existence: ['존재확인', 'Existence'],
  viewing: ['열람', 'Viewing'],
  deletion: ['삭제', 'Deletion'],
};

const CHANNELS: Record<RequestChannel, Pair> = {
  counter: ['창구', 'At the counter'],
  telephone: ['전화', 'By telephone'],
  paper: ['종이(우편 등)', 'On paper'],
  web: ['누리집 양식', 'Public form'],
};

const AGENTS: Record<RequestAgentKind, Pair> = {
  'power-of-attorney': ['위임장을 받은 대리인', 'By power of attorney'],
  'legal-representative': ['법정대리인', 'Legal representative'],
};

const STATES: Record<RequestState, Pair> = {
  'awaits-identity': ['본인 확인 전', 'Awaits identity'],
  'awaits-decision': ['결정 전', 'Awaits a decision'],
  postponed: ['연기됨', 'Postponed'],
  decided: ['통지 전', 'To be answered'],
  done: ['끝남', 'Done'],
  objected: ['이의신청 결정 전', 'Objected'],
  withdrawn: ['취하됨', 'Withdrawn'],
  lapsed: ['본인 확인 없이 끝남', 'Lapsed without identity'],
};

const DECIDED: Record<RequestDecided, Pair> = {
  granted: ['청구대로', 'Granted'],
  partly: ['일부 거절', 'Refused in part'],
  refused: ['거절', 'Refused'],
  postponed: ['연기', 'Postponed'],
  absent: ['남은 영상 없음', 'Nothing is kept'],
};

const STEPS: Record<RequestStepWord, Pair> = {
  identified: ['본인 확인', 'Identity checked'],
  decided: ['결정', 'Decided'],
  done: ['통지', 'Answered'],
  objected: ['이의신청', 'Objection'],
  withdrawn: ['취하', 'Withdrawn'],
};

const COUNTINGS: Record<string, Pair> = {
  calendar: ['달력으로, 첫날 빼고', 'Days of the calendar, the first not counted'],
  civil: ['끝날이 토요일·공휴일이면 다음 날', 'The last day moves off a Saturday or holiday'],
  petitions: ['근무일로, 첫날 넣고', 'Open days, the first counted'],
};

const named = (table: Record<string, Pair>, word: string) => {
  const pair = table[word];
  return pair ? say(...pair) : word;
};

export const ALL_ASKED = Object.keys(ASKED) as RequestAsked[];
export const ALL_CHANNELS = Object.keys(CHANNELS) as RequestChannel[];
export const ALL_AGENTS = Object.keys(AGENTS) as RequestAgentKind[];
export const ALL_DECIDED = Object.keys(DECIDED) as RequestDecided[];

export const askedName = (word: RequestAsked) => named(ASKED, word);
export const channelName = (word: RequestChannel) => named(CHANNELS, word);
export const agentName = (word: RequestAgentKind) => named(AGENTS, word);
export const decidedName = (word: RequestDecided) => named(DECIDED, word);
export const stepName = (word: RequestStepWord) => named(STEPS, word);
export const countingName = (word: string) => named(COUNTINGS, word);

/** What is asked, in the order of the form. */
export const asksText = (asks: RequestAsked[]) =>
  ALL_ASKED.filter((word) => asks.includes(word)).map(askedName).join(', ') || say('기록이 파기됨', 'Its record is destroyed');

/** Whether something is still to be done with it. */
export const isActive = ({ state }: RequestLine) => ['awaits-identity', 'awaits-decision', 'postponed', 'decided', 'objected'].includes(state);
/** Whether it can still be decided or taken back. */
export const isOpen = (line: RequestLine) => isActive(line) && line.state !== 'decided';

/** How it stands; with what was decided, once that is what matters. */
export function stateText({ state, decision, objection }: RequestLine): string {
  const text = named(STATES, state);
  if (objection) return `${text}: ${decidedName(objection.to)}`;
  return decision && (state === 'decided' || state === 'done') ? `${text}: ${decidedName(decision)}` : text;
}

export function stateTone({ state }: RequestLine): Tone {
  if (state === 'done') return 'ok';
  return state === 'withdrawn' || state === 'lapsed' ? 'plain' : 'warn';
}

/** `4일 남음`; in words, so that the colour beside it says nothing alone. */
export function daysText({ days_left }: Pick<RequestDue, 'days_left'>): string {
  if (days_left === 0) return say('오늘까지', 'Due today');
  if (days_left < 0) return say(`기한 ${-days_left}일 지남`, `${-days_left} days overdue`);
  return say(`${days_left}일 남음`, days_left === 1 ? '1 day left' : `${days_left} days left`);
}

export function daysTone({ days_left }: Pick<RequestDue, 'days_left'>): Tone {
  if (days_left < 0) return 'bad';
  return days_left <= NEAR_DAYS ? 'warn' : 'ok';
}

/** `2026-11-22 19:05 – 19:15 · 10분`; nothing if its record is destroyed. */
export function minutesText({ from, until }: Pick<RequestLine, 'from' | 'until'>): string | null {
  if (!from || !until) return null;
  return `${spanText(millis(from), millis(until))} · ${duration((millis(until) - millis(from)) / 1000)}`;
}

/** `2026-11-29 08:19까지`: never later than it is. */
export function untilMinute(time: string): string {
  const text = `${day(millis(time))} ${minute(millis(time))}`;
  return say(`${text}까지`, `until ${text}`);
}

/** Whether its footage is held, and until when; if it is not, why. */
export function holdText({ hold, asks }: RequestLine): string {
  if (hold) return hold.state === 'held' ? `${holdStateName('held')} · ${untilMinute(hold.until)}` : holdStateName(hold.state);
  if (asks.length === 0) return '–';
  if (asks.every((word) => word === 'deletion')) return say('보전하지 않음(삭제만 청구)', 'Not held (only deletion is asked)');
  return say('보전하지 않음(남은 영상 없음)', 'Not held (nothing was kept)');
}

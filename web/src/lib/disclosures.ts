// Disclosures to other bodies and use beyond the purpose, as the pages show them.

import { articleName } from './article';
import { language, say } from './language.svelte';
import { untilMinute } from './requests';
import type { Tone } from './tones';
import { holdStateName } from './words';
import type { DisclosureBasis, DisclosureCompelledBy, DisclosureConfirmedHow, DisclosureDuty, DisclosureDutyKind, DisclosureGround, DisclosureKind, DisclosureLine, DisclosureState, DisclosureStep, DisclosureStepWord } from './wire';

type Pair = readonly [ko: string, en: string];

const [DAY_MS, KOREA_AHEAD_MS] = [86_400_000, 9 * 3_600_000];
/** As `LONGEST_USE_DAYS` of crates/rights. */
export const LONGEST_USE_DAYS = 366;

const KINDS: Record<DisclosureKind, Pair> = {
  provision: ['다른 기관에 제공', 'To another body'],
  'own-use': ['우리 기관의 목적 외 이용', 'Our own use, beyond the purpose'],
};

const STATES: Record<DisclosureState, Pair> = {
  'awaits-decision': ['결정 전', 'Awaits a decision'],
  'awaits-provision': ['제공 전', 'To be given'],
  provided: ['제공함, 남은 일 있음', 'Given; something is owed'],
  done: ['끝남', 'Done'],
  refused: ['거절됨', 'Refused'],
  withdrawn: ['철회됨', 'Withdrawn'],
};

const DUTIES: Record<DisclosureDutyKind, Pair> = {
  review: ['검토', 'Review'],
  publish: ['게재', 'Publication'],
  report: ['통보', 'Report'],
};

const STEPS: Record<DisclosureStepWord, Pair> = {
  decided: ['결정', 'Decided'],
  compelled: ['긴급 결정(혼자)', 'Granted alone'],
  reviewed: ['검토', 'Reviewed'],
  provided: ['제공', 'Given'],
  published: ['게재', 'Published'],
  reported: ['통보', 'Reported'],
  withdrawn: ['철회', 'Withdrawn'],
};

const COMPELLED: Record<DisclosureCompelledBy, Pair> = {
  warrant: ['영장', 'A warrant'],
  'missing-person': ['실종아동등', 'A missing person'],
};

const HOWS: Record<DisclosureConfirmedHow, Pair> = {
  telephone: ['전화', 'By telephone'],
  message: ['문서(메일, 메신저, 팩스)', 'In writing (mail, message, fax)'],
};

/** What the field under a ground asks for, and an example of it. */
const BASES: Record<DisclosureBasis, { name: Pair; example: Pair }> = {
  consent: { name: ['누구의 별도 동의인지와 그 날짜', 'Whose separate consent, and of which day'], example: ['예: 홍길동, 2026-11-20 별도 동의서', 'For example: Hong Gildong, separate consent of 2026-11-20'] },
  statute: { name: ['법률과 조문', 'The statute and its article'], example: ['예: 형사소송법 제215조, 영장번호 2026-1234', 'For example: Criminal Procedure Act, article 215, warrant 2026-1234'] },
  danger: { name: ['누구에게 어떤 위험이 있고 왜 급한지', 'What danger, for whom, and why now'], example: ['예: 길을 잃은 다섯 살 어린이, 영하의 밤이라 곧 찾아야 함', 'For example: a lost child of five, on a freezing night'] },
  resolution: { name: ['보호위원회의 심의·의결', "The Commission's resolution"], example: ['예: 제2026-10호 의결, 2026-10-14', 'For example: resolution 2026-10 of 2026-10-14'] },
  treaty: { name: ['조약 또는 국제협정', 'The treaty or agreement'], example: ['예: ○○국과의 형사사법공조조약 제1조', 'For example: treaty on mutual legal assistance, article 1'] },
  investigation: { name: ['수사 또는 공소의 사건번호', 'The number of the investigation or prosecution'], example: ['예: ○○경찰서 2026-001234호, ○○지방검찰청 2026형제1234호', 'For example: police station, case 2026-001234'] },
  trial: { name: ['법원과 사건번호', 'The court and the number of its case'], example: ['예: ○○지방법원 2026가합1234', 'For example: district court, 2026가합1234'] },
  execution: { name: ['집행할 결정', 'The decision that is carried out'], example: ['예: ○○지방법원 2025고단1234 판결', 'For example: judgment 2025고단1234 of the district court'] },
  emergency: { name: ['어떤 긴급한 일인지', 'What emergency'], example: ['예: 감염병 역학조사, 환자가 지나간 길 확인', 'For example: an epidemic, where a patient passed'] },
};

const named = (table: Record<string, Pair>, word: string) => {
  const pair = table[word];
  return pair ? say(...pair) : word;
};

export const ALL_KINDS = Object.keys(KINDS) as DisclosureKind[];
export const ALL_COMPELLED = Object.keys(COMPELLED) as DisclosureCompelledBy[];
export const ALL_HOWS = Object.keys(HOWS) as DisclosureConfirmedHow[];
const ALL_DUTIES = Object.keys(DUTIES) as DisclosureDutyKind[];

export const kindName = (word: DisclosureKind) => named(KINDS, word);
export const stateText = ({ state }: DisclosureLine) => named(STATES, state);
export const dutyName = (word: DisclosureDutyKind) => named(DUTIES, word);
export const stepName = (word: DisclosureStepWord) => named(STEPS, word);
export const compelledName = (word: DisclosureCompelledBy) => named(COMPELLED, word);
export const howName = (word: DisclosureConfirmedHow) => named(HOWS, word);
export const basisName = (word: DisclosureBasis) => say(...BASES[word].name);
export const basisExample = (word: DisclosureBasis) => say(...BASES[word].example);
export const decidedName = (granted: boolean) => (granted ? say('제공하기로 함', 'Granted') : say('거절', 'Refused'));

/** What a ground says with its article; of one that is no longer in force its id alone. */
export function groundText(grounds: DisclosureGround[], id: string): string {
  const ground = grounds.find((each) => each.id === id);
  return ground ? `${language() === 'ko' ? ground.ko : ground.en} (${articleName(ground.article)})` : id;
}

/** Whether something is still to be done with it. */
export const isActive = ({ state }: DisclosureLine) => ['awaits-decision', 'awaits-provision', 'provided'].includes(state);
/** Whether it can still be taken back: nothing was given yet. */
export const isOpen = ({ state }: DisclosureLine) => state === 'awaits-decision' || state === 'awaits-provision';

export function stateTone({ state }: DisclosureLine): Tone {
  if (state === 'done') return 'ok';
  return state === 'refused' || state === 'withdrawn' ? 'plain' : 'warn';
}

/** What is owed; without a day where the recorder cannot count it, and then whatever was not done yet. */
export function owedOf(line: DisclosureLine, steps: DisclosureStep[]): { kind: DisclosureDutyKind; duty: DisclosureDuty | null }[] {
  if (!isActive(line)) return [];
  if (line.duties.length > 0 || line.state !== 'provided') return line.duties.map((duty) => ({ kind: duty.kind, duty }));
  const done: Record<DisclosureDutyKind, DisclosureStepWord> = { review: 'reviewed', publish: 'published', report: 'reported' };
  const isLeft = (kind: DisclosureDutyKind) => !steps.some(({ step }) => step === done[kind]) && (kind !== 'review' || line.compelled);
  return ALL_DUTIES.filter(isLeft).map((kind) => ({ kind, duty: null }));
}

/** Whether its footage is held, and until when; if it is not, why. */
export function holdText({ hold, from }: DisclosureLine): string {
  if (hold) return hold.state === 'held' ? `${holdStateName('held')} · ${untilMinute(hold.until)}` : holdStateName(hold.state);
  return from ? say('보전하지 않음(남은 영상 없음)', 'Not held (nothing was kept)') : '–';
}

/** Days of disclosures are those of Korea, wherever the clock of this machine stands. */
export const koreanDay = (ms: number) => new Date(ms + KOREA_AHEAD_MS).toISOString().slice(0, 10);
/** So many days after a day; empty if that is none. */
export function daysAfter(day: string, count: number): string {
  const ms = Date.parse(`${day}T00:00:00Z`) + count * DAY_MS;
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10);
}

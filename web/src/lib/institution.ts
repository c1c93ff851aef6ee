// The institution's description on a page: its words, and what was found beside which part of it.

import { language, say } from './language.svelte';
import type { CameraMethod, Duty, InstitutionView, Outsourced, PlaceClass, PolicyFinding } from './wire';

type Pair = readonly [ko: string, en: string];

const DUTIES: Record<Duty, Pair> = {
  manager: ['관리책임자', 'Video manager'],
  'protection-officer': ['보호책임자', 'Privacy officer'],
  officer: ['관리담당자', 'Officer'],
  access: ['접근권한자', 'May look'],
  'control-centre': ['통합관제센터 담당자', 'Control centre'],
};

const CLASSES: Record<PlaceClass, Pair> = {
  open: ['공개된 곳', 'Open to the public'],
  'non-open': ['비공개', 'Not open'],
  mixed: ['일부 공개', 'Partly open'],
};

const METHODS: Record<CameraMethod, Pair> = {
  fixed: ['고정 촬영', 'Fixed'],
  turning: ['회전 촬영', 'Can be turned'],
  panorama: ['전방위 촬영', 'All around'],
};

const OUTSOURCED: Record<Outsourced, Pair> = {
  yes: ['위탁함', 'Given to others'],
  no: ['위탁하지 않음', 'Given to nobody'],
  unknown: ['알 수 없음: 방침을 공고하기 전에 정해야 합니다', 'Unknown: it has to be said before a policy is announced'],
};

export const dutyName = (word: Duty) => say(...DUTIES[word]);
export const className = (word: PlaceClass) => say(...CLASSES[word]);
export const methodName = (word: CameraMethod) => say(...METHODS[word]);
export const outsourcedName = (word: Outsourced) => say(...OUTSOURCED[word]);

const DAYS: Record<string, string> = { mon: '월', tue: '화', wed: '수', thu: '목', fri: '금', sat: '토', sun: '일' };

/** Hours of filming as people write them. */
export function hoursText(hours: string): string {
  if (hours === '24h') return say('24시간', 'Round the clock');
  if (language() === 'en') return hours;
  return hours.replace(/\b(mon|tue|wed|thu|fri|sat|sun)\b/g, (day) => DAYS[day] ?? day).replace(/([월화수목금토일])-([월화수목금토일])/g, '$1~$2');
}

const INSTITUTION = ['institution', 'predecessor', 'body', 'safety', 'requests', 'consultation'];

/** What was found, by the part of the description that it concerns; the rest stands by itself. */
export function byPart(view: InstitutionView): { of: (...parts: string[]) => PolicyFinding[]; rest: PolicyFinding[] } {
  const { findings } = view;
  const concerns = (finding: PolicyFinding, part: string) => finding.at === part || finding.at.startsWith(`${part} `);
  const of = (...parts: string[]) => findings.filter((finding) => parts.some((part) => concerns(finding, part)));
  const described = view.described;
  const ids = [
    ...INSTITUTION,
    ...['processor', 'foreign', 'notice', 'version'],
    ...(described?.purposes ?? []).map(({ id }) => `purpose ${id}`),
    ...(described?.posts ?? []).map(({ id }) => `post ${id}`),
    ...(described?.units ?? []).flatMap((unit) => [`unit ${unit.id}`, ...placesOf(unit).map((id) => `place ${id}`), ...unit.spots.map(({ id }) => `spot ${id}`)]),
  ];
  const shown = new Set(of(...ids));
  return { of, rest: findings.filter((finding) => !shown.has(finding)) };
}

/** The rooms of a unit. */
export const placesOf = (unit: NonNullable<InstitutionView['described']>['units'][number]) =>
  [unit.storage, unit.viewing, unit.monitoring?.place].flatMap((place) => (place ? [place.id] : []));

export const PARTS_OF_INSTITUTION = INSTITUTION;

// The registers that the law asks for, as the page offers them.

import { say } from './language.svelte';
import type { RegisterFormat, RegisterName } from './wire';

type Pair = readonly [ko: string, en: string];

const DAY_MS = 86_400_000;
/** Korea is so far ahead of UTC. */
const KOREA_AHEAD_MS = 9 * 3_600_000;

const NAMES: Record<RegisterName, Pair> = {
  'personal-video': ['개인영상정보 관리대장', 'Register of personal video data'],
  destruction: ['개인영상정보 파기 관리대장', 'Register of destruction'],
  requests: ['열람 등 청구 처리대장', 'Register of requests'],
  disclosures: ['목적 외 이용·제3자 제공 대장', 'Register of disclosures'],
  access: ['접속기록', 'Access log'],
  rights: ['접근 권한 부여·변경·말소 대장', 'Register of access rights'],
  tickets: ['수탁업체 작업 대장', "Contractors' work"],
  visits: ['통제구역 출입자 기록부', 'Visitors of controlled areas'],
};

const HINTS: Record<RegisterName, Pair> = {
  'personal-video': ['녹화 영상의 이용, 정보주체의 열람 등 청구, 파기를 날짜순으로 모읍니다.', 'Use of footage, requests of persons filmed, and destruction, by time.'],
  destruction: ['어느 카메라의 언제 영상을 언제, 왜, 누가 파기했는지 하루씩 모읍니다.', 'Which footage was destroyed when, why and by whom, day by day.'],
  requests: ['그 기간에 접수한 청구와 처리기한, 결정과 사유, 통지를 보입니다.', 'Requests received in these days: when each is due, what was decided and why, when it was answered.'],
  disclosures: ['다른 기관에 제공하거나 목적 외로 이용한 영상, 그 근거와 조건, 공고와 결과 통지를 보입니다.', 'Footage given to other bodies or used beyond the purpose: ground, conditions, publication and report.'],
  access: ['사람이 한 일 가운데 영상이나 개인정보를 보이거나 바꾸거나 없앤 일과 거부된 일을 보입니다.', 'What people did that showed, changed or destroyed something, and what was refused.'],
  tickets: ['수탁업체가 누구의 입회로 무엇을 언제 고쳤는지 보입니다.', 'What contractors repaired, when, and in whose presence.'],
  visits: ['통제구역에 누가 언제 들어오고 나갔는지, 동의와 허가를 보입니다.', 'Who came into controlled areas and left, with consent and admission.'],
  rights: ['누구에게 어떤 권한을 언제 누가 주고 바꾸고 거두었는지 보입니다.', 'Who was given which right, when and by whom; and when it was changed or taken away.'],
};

export const ALL_REGISTERS = Object.keys(NAMES) as RegisterName[];
export const registerName = (name: RegisterName) => say(...NAMES[name]);
export const registerHint = (name: RegisterName) => say(...HINTS[name]);

export const FILES: readonly (readonly [RegisterFormat, string])[] = [
  ['xlsx', 'XLSX'],
  ['pdf', 'PDF'],
  ['hwpx', 'HWPX'],
  ['html', 'HTML'],
];

/** A day in Korea, so many days ago. */
export const daysAgoInKorea = (days: number) =>
  new Date(Date.now() + KOREA_AHEAD_MS - days * DAY_MS).toISOString().slice(0, 10);

/** Keeps a file on the person's machine, without leaving the page. */
export function keep(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

// The visitors' book, as crates/access keeps it.

import { createHash } from 'node:crypto';

import { refuse } from './refuse.mjs';

const HOUR_MS = 3_600_000;
const iso = (ms) => new Date(ms).toISOString();
const unfit = (ko, en) => refuse(422, 'visit-unfit', ko, en);
const conflict = () => refuse(409, 'conflict', '그런 출입 기록이 없거나 이미 그렇게 되어 있습니다. 새로 고쳐 확인하십시오.', 'There is no such visit, or it is so already. Reload and look again.');

const LINES = [
  '특허청 통제구역 출입 기록, 개인정보 수집·이용 안내',
  '수집·이용 목적: 통제구역에 드나든 사람의 확인과 기록',
  '수집 항목: 소속과 직급, 성명, 출입한 날과 때, 용무, 통제구역 안에서 찍힌 영상',
  '보유·이용 기간: 적은 달이 끝난 뒤 24개월이며, 지나면 열쇠를 없애 파기합니다.',
  '거부할 권리와 불이익: 동의하지 않을 수 있습니다. 동의하지 않았다는 까닭만으로 출입을 거절하지 않으며, 출입 여부는 승인자가 따로 정합니다. 다만 누구인지 확인할 수 없으면 통제구역에 들어가지 못할 수 있습니다.',
];
const NOTICE = { lines: LINES, sha256: createHash('sha256').update(LINES.map((line) => `${line}\n`).join('')).digest('hex') };
const AREAS = [{ id: 'server-room', name: '통신실' }, { id: 'control-room', name: '상황실' }];

function may(world, account, action) {
  if (world.actionsOf(account).has(action)) return;
  world.append('refusal', { action, outcome: 'no-role', by: account.id });
  throw refuse(403, 'forbidden', '맡은 역할로는 할 수 없는 일입니다.', 'Your role does not allow this.');
}

const isInside = (visit) => visit.admission === 'granted' && !visit.leftMs;

function shown(visit) {
  const { year, number, consent, admission, detail } = visit;
  const isAtHand = Date.now() - visit.atMs < (isInside(visit) ? 168 : 36) * HOUR_MS;
  const nobody = visit.withdrawnMs ? { name: null, body: null, business: null } : {};
  return {
    ...{ year, number, consent, admission, at: iso(visit.atMs), inside: isInside(visit), notice_sha256: NOTICE.sha256 },
    left_at: visit.leftMs ? iso(visit.leftMs) : null,
    withdrawn_at: visit.withdrawnMs ? iso(visit.withdrawnMs) : null,
    detail: isAtHand ? { ...detail, ...nobody } : null,
  };
}

/** Enters a visit; also for tests, which need visits of other times. */
export function enterVisit(world, account, input) {
  const { area, escort, consent, admission, notice_sha256 = NOTICE.sha256, name = '', body = '', business = '', reason = '' } = input;
  const room = AREAS.find(({ id }) => id === area);
  const beside = world.accounts.find(({ id }) => id === escort);
  if (!room || !beside) throw refuse(404, 'not-found', '찾는 것이 없습니다.', 'There is no such thing.');
  if (notice_sha256 !== NOTICE.sha256) throw conflict();
  if (consent === 'refused' && (name || body || business)) throw unfit('동의하지 않은 방문자의 성명, 소속, 용무는 적지 않습니다. 그 칸을 비우십시오.', 'The visitor did not consent: leave name, body and business empty.');
  if (consent === 'given' && !(name && business)) throw unfit('성명과 용무를 적으십시오.', 'Write who comes and what for.');
  if (admission === 'denied' && !reason) throw unfit('들이지 않는 까닭을 적으십시오.', 'Write why the visitor is not let in.');
  const act = world.act(account, 'visit.record');
  const entry = world.append('visit', { outcome: 'arrived', by: account.id }, world.detailOf(account, { note: [room.name, name].filter(Boolean).join(' · ') }));
  world.outcome(act, account);
  const [year, number] = entry.split('/').map(Number);
  const said = (text) => text || null;
  const detail = { area: room.name, name: said(name), body: said(body), business: said(business), escort: beside.display_name, entered_by: account.display_name, reason: said(reason) };
  const visit = { year, number, atMs: Date.now(), leftMs: null, withdrawnMs: null, consent, admission, detail };
  world.visits.unshift(visit);
  return visit;
}

function step(world, account, path, outcome, fits, change) {
  may(world, account, 'visit.record');
  const visit = world.visits.find(({ year, number }) => path.startsWith(`/visits/${year}/${number}/`));
  if (!visit || !fits(visit)) throw conflict();
  const act = world.act(account, 'visit.record');
  world.append('visit', { outcome, intent: `${visit.year}/${visit.number}`, by: account.id });
  world.outcome(act, account);
  change(visit);
  return { body: shown(visit) };
}

export const VISIT_HANDLERS = {
  'GET /visits': ({ world, account }) => {
    may(world, account, 'visit.list');
    const people = world.accounts.filter((each) => each.name && !each.ended_at && !each.roles.includes('contractor'));
    const escorts = people.map(({ id, display_name, roles }) => ({ id, display_name, roles }));
    return { body: { visits: world.visits.map(shown), areas: world.noAreas ? [] : AREAS, notice: NOTICE, escorts } };
  },
  'POST /visits': ({ world, account, input }) => {
    may(world, account, 'visit.record');
    return { status: 201, body: shown(enterVisit(world, account, input)) };
  },
  'POST /visits/{entry}/leave': ({ world, account, path }) => step(world, account, path, 'departed', isInside, (visit) => (visit.leftMs = Date.now())),
  'POST /visits/{entry}/withdraw': ({ world, account, path }) =>
    step(world, account, path, 'consent-withdrawn', (visit) => visit.consent === 'given' && !visit.withdrawnMs, (visit) => (visit.withdrawnMs = Date.now())),
};

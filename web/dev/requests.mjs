// Persons' requests, as crates/rights, crates/rules and the desk decide them. Days are counted without
// holidays: the real ones are tried in crates/rights.

import { randomUUID } from 'node:crypto';

import { letterHandlers, lettersOf } from './letters.mjs';
import { refuse } from './refuse.mjs';

const [HOUR_MS, DAY_MS, MINUTE_MS] = [3_600_000, 86_400_000, 60_000];
const TEN = 10;
const iso = (ms) => new Date(ms).toISOString();
const unfit = () => refuse(422, 'request-unfit', '이 청구는 접수할 수 없습니다. 성명과 연락처, 청구 내용, 카메라(9대까지), 이미 지난 시간(4시간까지), 사유를 확인하십시오.', 'This request cannot be received. Look at its fields again.');
const spanUnfit = () => refuse(422, 'span-unfit', '구간이 맞지 않습니다. 시작과 끝을 확인하십시오.', 'That span cannot be. Check its beginning and end.');
const footageKept = () => refuse(422, 'footage-kept', '‘남은 영상 없음’으로 결정할 수 없습니다. 녹화기가 찾아보니 그 시간의 영상이 남아 있습니다. 영상을 보고 다른 결정을 고르십시오.', 'Footage of that time is there.');
const decisionUnfit = () => refuse(422, 'decision-unfit', '이렇게 결정할 수 없습니다. 오늘의 법에 있는 거절 사유와 그 사실을, 연기라면 까닭과 끝나는 날(60일까지)을 적으십시오.', 'It cannot be decided so.');
const conflict = () => refuse(409, 'conflict', '이미 그렇게 되어 있거나 끝난 일입니다. 새로 고쳐 확인하십시오.', 'It is so already, or has ended. Reload and look again.');
const objectionUnfit = () => refuse(422, 'objection-unfit', '이의신청을 받은 날은 결정한 날부터 통지한 뒤 30일까지, 오늘보다 늦지 않은 날이어야 하고, 그 내용을 500자 안으로 적어야 합니다. 처리 기한은 한 번만, 끝난 뒤 10일까지 연장합니다.', 'An objection comes in time, and says something.');
const forbidden = (outcome) => refuse(403, 'forbidden', '이의신청은 그 결정을 한 사람도, 이의신청을 접수한 사람도 결정할 수 없습니다.', `Forbidden: ${outcome}.`);
const notFound = () => refuse(404, 'not-found', '찾는 것이 없습니다. 목록을 새로 고쳐 확인하십시오.', 'There is no such thing. Reload the list and look again.');

export const REQUEST_ACTIONS = ['receive', 'continue', 'decide', 'read', 'list'].map((word) => `request.${word}`);

const GROUNDS = [
  ['refusal-act-1', 'Act 35(4)1', '법률에 따라 열람이 금지되거나 제한되는 경우', 'A statute forbids or limits access'],
  ['refusal-act-2', 'Act 35(4)2', '다른 사람의 생명·신체를 해할 우려가 있거나 다른 사람의 재산과 그 밖의 이익을 부당하게 침해할 우려가 있는 경우', "Another person's life or body could be harmed, or another's property or interests be hurt unjustly"],
  ['refusal-act-3', 'Act 35(4)3', '공공기관의 조세, 시험·자격심사, 보상금·급부금 산정, 감사·조사 업무에 중대한 지장을 초래하는 경우', "It would seriously hinder a public body's work on taxes, examinations, compensation, or audit and inspection"],
].map(([id, article, ko, en]) => ({ id, article, ko, en }));

const ARTICLES = { calendar: '민법 제157조·제159조', civil: '민법 제157조·제159조·제161조', petitions: '민원 처리에 관한 법률 제19조제2항' };
/** A day in Korea as a count of days, and back. */
export const dayOf = (ms) => Math.floor((ms + 9 * HOUR_MS) / DAY_MS);
export const dayText = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);
const isOpenDay = (day) => ![0, 6].includes(new Date(day * DAY_MS).getUTCDay());
export const openFrom = (day) => (isOpenDay(day) ? day : openFrom(day + 1));

/** Who decided last, the objection that waits and its extension, and whether what stands is the result of one. */
function courseOf(request) {
  let [decided, objected, extended, isFinal, told] = [null, null, null, false, null];
  for (const step of request.steps) {
    if (step.step === 'objected') [objected, extended] = [step, null];
    else if (step.step === 'withdrawn') objected = null;
    else if (step.step === 'done') told = step;
    else if (step.step === 'decided' && objected && step.decision === 'postponed') extended = step;
    else if (step.step === 'decided') {
      isFinal = Boolean(objected) && decided?.decision !== 'postponed';
      [decided, objected, told] = [step, null, null];
    }
  }
  return { decided, objected, extended, isFinal, told };
}

/** Who could decide, as crates/access counts them: officers and managers. */
const able = (world) => world.accounts.filter(({ roles }) => roles.some((role) => ['officer', 'manager'].includes(role)));

/** As `Reconsidered::refuses` of crates/rules. */
function barOf(world, account, request) {
  const { decided, objected } = courseOf(request);
  if (account.id === decided.by.id) return 'decided';
  if (account.id === objected.by.id) return 'entered';
  const others = able(world).filter(({ id }) => ![decided.by.id, objected.by.id, request.by.id].includes(id));
  return account.id === request.by.id && others.length > 0 ? 'received' : null;
}

function objectableOf(world, account, request) {
  const { decided, objected, isFinal, told } = courseOf(request);
  if (!decided || objected || isFinal || decided.decision === 'granted' || stateOf(request) === 'withdrawn') return null;
  const until = told ? dayText(openFrom(dayOf(Date.parse(told.at)) + 30)) : decided.decision === 'postponed' ? dayText(openFrom(dayOf(Date.parse(decided.at)) + 30)) : null;
  const isForAnother = !able(world).some(({ id }) => id !== account.id && id !== decided.by.id);
  return { from: dayText(dayOf(Date.parse(decided.at))), until, is_for_another: isForAnother };
}

function dueOfObjection({ objected, extended }) {
  const on = Math.floor(Date.parse(objected.on) / DAY_MS);
  const end = extended ? Math.floor(Date.parse(extended.until) / DAY_MS) : on + 14;
  return {
    day: dayText(end),
    days_left: end - dayOf(Date.now()),
    days: Object.entries(ARTICLES).map(([counting, article]) => ({ counting, day: dayText(end), article })),
  };
}

function dueOf(request) {
  const course = courseOf(request);
  if (course.objected) return dueOfObjection(course);
  const last = request.steps.findLast(({ decision }) => decision === 'postponed');
  const from = last ? Math.floor(Date.parse(last.until) / DAY_MS) : dayOf(request.atMs);
  let petitions = openFrom(from);
  for (let i = 1; i < TEN; i += 1) petitions = openFrom(petitions + 1);
  const days = { calendar: from + TEN, civil: openFrom(from + TEN), petitions };
  const earliest = Math.min(...Object.values(days));
  return {
    day: dayText(earliest),
    days_left: earliest - dayOf(Date.now()),
    days: Object.entries(days).map(([counting, day]) => ({ counting, day: dayText(day), article: ARTICLES[counting] })),
  };
}

const identityUntil = (request) => request.atMs + 7 * DAY_MS;

function stateOf(request) {
  const last = request.steps.at(-1);
  if (!last) return Date.now() < identityUntil(request) ? 'awaits-identity' : 'lapsed';
  if (last.step === 'identified') return 'awaits-decision';
  if (courseOf(request).objected) return 'objected';
  if (last.step === 'withdrawn' && request.steps.some(({ step }) => step === 'objected')) return 'done';
  if (last.step === 'decided') return last.decision === 'postponed' ? 'postponed' : 'decided';
  return last.step;
}

function lineOf(world, account, request) {
  const { form, hold } = request;
  const state = stateOf(request);
  const isOpen = ['awaits-identity', 'awaits-decision', 'postponed', 'objected'].includes(state);
  const course = courseOf(request);
  return {
    id: request.id,
    state,
    decision: request.steps.findLast(({ decision }) => decision)?.decision ?? null,
    received_at: iso(request.atMs),
    mine: request.by.id === account.id,
    asks: form.asks,
    cameras: form.cameras.map((id) => ({ id, name: world.cameras.find((camera) => camera.id === id)?.name ?? '' })),
    from: form.from,
    until: form.until,
    due: isOpen && !request.uncountable ? dueOf(request) : null,
    identity_until: state === 'awaits-identity' ? iso(identityUntil(request)) : null,
    objection: course.objected
      ? { to: course.decided.decision, on: course.objected.on, extended: course.extended?.until ?? null, extendable_until: course.extended ? null : dayText(Math.floor(Date.parse(course.objected.on) / DAY_MS) + 24), bar: barOf(world, account, request) }
      : null,
    objectable: objectableOf(world, account, request),
    hold: hold ? { id: hold.id, until: iso(hold.untilMs), state: hold.released ? 'released' : Date.now() >= hold.untilMs ? 'lapsed' : 'held' } : null,
  };
}

const caseOf = (world, account, request) => ({
  line: lineOf(world, account, request),
  letters: lettersOf(world, lineOf(world, account, request)),
  deletion: request.deletion ?? null,
  request: request.form,
  absent: request.absent,
  received_by: request.by.display_name,
  steps: request.steps.map(({ by, ...step }) => ({ decision: null, ground: null, until: null, on: null, ...step, by: by.display_name })),
  grounds: GROUNDS,
});

export function may(world, account, action) {
  if (world.actionsOf(account).has(action)) return;
  world.append('refusal', { action, outcome: 'no-role', by: account.id });
  throw refuse(403, 'forbidden', '맡은 역할로는 할 수 없는 일입니다. 필요하면 관리책임자에게 문의하십시오.', 'Your role does not allow this. If you need it, ask the manager.');
}

function enter(world, account, action, outcome) {
  const act = world.act(account, action);
  world.append('request', { outcome, by: account.id });
  world.outcome(act, account);
}

/** Receives a request; also for tests, which need requests of other people and times. */
export function receiveRequest(world, account, form) {
  const [fromMs, untilMs] = [Date.parse(form.from), Date.parse(form.until)];
  const people = [form.requester, form.agent?.person].filter(Boolean);
  if (people.some(({ name, phone }) => !name || !phone) || form.asks.length === 0 || !form.reason) throw unfit();
  if (form.cameras.length < 1 || form.cameras.length > 9) throw unfit();
  if (!(untilMs > fromMs) || untilMs - fromMs > 4 * HOUR_MS || untilMs > Date.now() || fromMs % MINUTE_MS || untilMs % MINUTE_MS) throw spanUnfit();
  const year = new Date().getUTCFullYear();
  const id = `${year}-${world.requests.length + 1}`;
  const absent = form.cameras.filter((camera) => world.emptied?.includes(camera));
  const kept = form.cameras.filter((camera) => !absent.includes(camera));
  const isHeld = kept.length > 0 && form.asks.some((word) => word !== 'deletion');
  const hold = isHeld ? { id: randomUUID(), case: `청구 ${id}`, cameras: kept, fromMs, toMs: untilMs, untilMs: Date.now() + 7 * DAY_MS, purpose: null, by: account, atMs: Date.now(), released: null } : null;
  if (hold) world.holds.unshift(hold);
  const request = { id, form, by: account, atMs: Date.now(), steps: [], absent, hold };
  world.requests.push(request);
  enter(world, account, 'request.receive', 'received');
  return request;
}

const FOLLOWS = {
  identified: ['awaits-identity'],
  decided: ['awaits-decision', 'postponed', 'objected'],
  objected: ['decided', 'done', 'postponed'],
  done: ['decided'],
  withdrawn: ['awaits-identity', 'awaits-decision', 'postponed', 'objected'],
};

/** Takes the next step of a request; also for tests. */
export function goOn(world, account, request, step, more = {}) {
  const { objected, extended } = courseOf(request);
  if (step === 'decided' && objected) {
    const bar = barOf(world, account, request);
    if (bar) throw forbidden(bar);
  } else if (step === 'decided' && request.by === account) {
    world.append('refusal', { action: 'request.decide', outcome: 'own-request', by: account.id });
    throw refuse(403, 'forbidden', '접수한 사람은 그 청구를 결정할 수 없습니다. 다른 담당자나 관리책임자에게 결정을 부탁하십시오.', 'Whoever received a request does not decide it. Ask another officer or the manager to.');
  }
  if (!FOLLOWS[step].includes(stateOf(request))) throw conflict();
  const { decision, ground, text = '', until, on } = more;
  if (step === 'objected') {
    const open = objectableOf(world, account, request);
    if (!open) throw conflict();
    if (open.is_for_another) throw forbidden('nobody left');
    if (!text || !on || on < open.from || on > dayText(dayOf(Date.now())) || (open.until && on > open.until)) throw objectionUnfit();
  }
  if (decision === 'postponed' && extended) throw objectionUnfit();
  if (['partly', 'refused'].includes(decision) && !(text && GROUNDS.some(({ id }) => id === ground))) throw decisionUnfit();
  if (decision === 'postponed' && !(text && until)) throw decisionUnfit();
  if (decision === 'absent' && request.absent.length < request.form.cameras.length) throw footageKept();
  request.steps.push({ step, at: iso(Date.now()), by: account, text, ...(decision ? { decision } : {}), ...(ground ? { ground } : {}), ...(until ? { until } : {}), ...(on ? { on } : {}) });
  const { hold } = request;
  if (hold && step === 'withdrawn' && !objected) hold.released = { by: account, atMs: Date.now(), purpose: null };
  else if (hold && step !== 'done') hold.untilMs = Date.now() + (['identified', 'objected'].includes(step) || decision === 'postponed' ? 90 : 30) * DAY_MS;
  enter(world, account, step === 'decided' ? 'request.decide' : 'request.continue', step);
}

function found(world, path) {
  const request = world.requests.find(({ id }) => path.split('/')[2] === id);
  if (!request) throw notFound();
  return request;
}

function read({ world, account, path }) {
  may(world, account, 'request.read');
  const request = found(world, path);
  world.outcome(world.act(account, 'request.read'), account);
  return caseOf(world, account, request);
}

const step = (action, word, moreOf) => ({ world, account, path, input }) => {
  may(world, account, action);
  const request = found(world, path);
  goOn(world, account, request, word, moreOf(input));
  return { body: caseOf(world, account, request) };
};
const remark = ({ remark: text }) => ({ text });

export const REQUEST_HANDLERS = {
  'GET /requests': ({ world, account }) => {
    may(world, account, 'request.list');
    const lines = [...world.requests].reverse().map((request) => lineOf(world, account, request));
    const rank = ({ due, state }) => (due ? due.days_left : state === 'decided' ? 1e6 : 1e7);
    return { body: { requests: lines.sort((a, b) => rank(a) - rank(b)) } };
  },
  'POST /requests': ({ world, account, input }) => {
    may(world, account, 'request.receive');
    return { status: 201, body: caseOf(world, account, receiveRequest(world, account, input)) };
  },
  'GET /requests/{receipt}': (context) => ({ body: read(context) }),
  ...letterHandlers(read),
  'POST /requests/{receipt}/identity': step('request.continue', 'identified', remark),
  'POST /requests/{receipt}/decision': step('request.decide', 'decided', (input) => input),
  'POST /requests/{receipt}/answer': step('request.continue', 'done', remark),
  'POST /requests/{receipt}/objection': step('request.continue', 'objected', (input) => input),
  'POST /requests/{receipt}/withdrawal': step('request.continue', 'withdrawn', remark),
};

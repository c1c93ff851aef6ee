// Disclosures to other bodies, as crates/rights, crates/rules and the desk decide them. Open days are
// counted without holidays: the real ones are tried in crates/rights.

import { randomUUID } from 'node:crypto';

import { refuse } from './refuse.mjs';
import { dayOf, dayText, may, openFrom } from './requests.mjs';

const [HOUR_MS, DAY_MS, MINUTE_MS] = [3_600_000, 86_400_000, 60_000];
const [PUBLISH_WITHIN, PUBLISHED_DAYS, LONGEST_USE_DAYS] = [30, 10, 366];
const UNPUBLISHED = ['provision-1', 'provision-7'];
const iso = (ms) => new Date(ms).toISOString();
const dayNumber = (text) => Math.floor(Date.parse(text) / DAY_MS);
const unfit = () => refuse(422, 'disclosure-unfit', '이렇게 제공하거나 처리할 수 없습니다. 요청한 기관과 담당자, 공문 번호, 오늘의 법에 있는 근거와 그 근거가 요구하는 내용, 목적, 카메라(9대까지), 이미 지난 시간(4시간까지), 받는 쪽에 요구할 사항과 이용 기한(1년까지)을 확인하십시오. 거절과 검토와 게재와 통보에는 내용을 적어야 합니다.', 'It cannot be disclosed or worked on so. Look at its fields again.');
const spanUnfit = () => refuse(422, 'span-unfit', '구간이 맞지 않습니다. 시작과 끝을 확인하십시오.', 'That span cannot be. Check its beginning and end.');
const conflict = () => refuse(409, 'conflict', '이미 그렇게 되어 있거나 끝난 일입니다. 새로 고쳐 확인하십시오.', 'It is so already, or has ended. Reload and look again.');
const notFound = () => refuse(404, 'not-found', '찾는 것이 없습니다. 목록을 새로 고쳐 확인하십시오.', 'There is no such thing. Reload the list and look again.');
const own = () => refuse(403, 'forbidden', '접수한 사람은 그 제공을 결정할 수 없고, 혼자 먼저 제공한 사람은 그것을 검토할 수 없습니다. 다른 담당자나 관리책임자에게 부탁하십시오.', 'Whoever received a disclosure does not decide it, and whoever went ahead alone does not review it. Ask another officer or the manager to.');

export const DISCLOSURE_ACTIONS = ['receive', 'continue', 'decide', 'compel', 'review', 'list', 'read'].map((word) => `disclosure.${word}`);

export const GROUNDS = [
  [1, 'consent', '정보주체의 별도 동의', 'Separate consent of the data subject'],
  [2, 'statute', '다른 법률의 특별한 규정', 'A special provision of another statute'],
  [3, 'danger', '명백히 정보주체 또는 제3자의 급박한 생명, 신체, 재산의 이익을 위하여 필요한 경우', 'Clearly needed for the urgent interest of life, body or property of the data subject or another'],
  [5, 'resolution', '다른 법률의 소관 업무에 필요하고 보호위원회의 심의·의결을 거친 경우 (공공기관)', 'Needed for a task of another statute, as the Commission resolved (public bodies)'],
  [6, 'treaty', '조약, 국제협정의 이행 (공공기관)', 'To fulfil a treaty or international agreement (public bodies)'],
  [7, 'investigation', '범죄의 수사와 공소의 제기 및 유지 (공공기관)', 'To investigate and prosecute crime (public bodies)'],
  [8, 'trial', '법원의 재판업무 (공공기관)', 'For the work of a court (public bodies)'],
  [9, 'execution', '형 및 감호, 보호처분의 집행 (공공기관)', 'To carry out a sentence or protective measure (public bodies)'],
  [10, 'emergency', '공중위생 등 공공의 안전과 안녕을 위하여 긴급히 필요한 경우', 'Urgently needed for public health, safety and peace'],
].map(([number, basis, ko, en]) => ({ id: `provision-${number}`, article: `Act 18(2)${number}`, ko, en, basis }));

/** The step of a word, if it was taken. */
const taken = ({ steps }, word) => steps.find((it) => it.step === word);
const grantedBy = (it) => it.steps.find(({ step, granted }) => step === 'compelled' || (step === 'decided' && granted));
const isOver = (it) => taken(it, 'withdrawn') || it.steps.some(({ granted }) => granted === false);

const OWED = {
  review: (it) => taken(it, 'compelled') && !taken(it, 'reviewed'),
  publish: (it) => taken(it, 'provided') && !taken(it, 'published') && !UNPUBLISHED.includes(it.form.ground),
  report: (it) => taken(it, 'provided') && !taken(it, 'reported') && it.form.use_until,
};
const DUE = {
  review: (it) => openFrom(dayOf(Date.parse(taken(it, 'compelled').at)) + 1),
  publish: (it) => dayOf(Date.parse(taken(it, 'provided').at)) + PUBLISH_WITHIN,
  report: (it) => dayNumber(it.form.use_until),
};

function dutiesOf(it) {
  if (it.uncountable) return [];
  const owed = Object.keys(OWED).filter((kind) => OWED[kind](it));
  const duties = owed.map((kind) => ({ kind, due: dayText(DUE[kind](it)), days_left: DUE[kind](it) - dayOf(Date.now()) }));
  return duties.sort((a, b) => a.days_left - b.days_left);
}

function stateOf(it) {
  if (taken(it, 'withdrawn')) return 'withdrawn';
  if (isOver(it)) return 'refused';
  if (!grantedBy(it)) return 'awaits-decision';
  if (!taken(it, 'provided')) return 'awaits-provision';
  return Object.values(OWED).some((isOwed) => isOwed(it)) ? 'provided' : 'done';
}

function lineOf(world, account, it) {
  const { form, hold } = it;
  const compelled = taken(it, 'compelled');
  return {
    id: it.id,
    state: stateOf(it),
    received_at: iso(it.atMs),
    mine: it.by.id === account.id,
    compelled: Boolean(compelled),
    compelled_by_me: compelled?.by.id === account.id,
    cameras: form.cameras.map((id) => ({ id, name: world.cameras.find((camera) => camera.id === id)?.name ?? '' })),
    from: form.from,
    until: form.until,
    duties: dutiesOf(it),
    hold: hold ? { id: hold.id, until: iso(hold.untilMs), state: hold.released ? 'released' : Date.now() >= hold.untilMs ? 'lapsed' : 'held' } : null,
  };
}

const caseOf = (world, account, it) => ({
  line: lineOf(world, account, it),
  disclosure: it.form,
  absent: it.absent,
  received_by: it.by.display_name,
  steps: it.steps.map(({ by, ...step }) => ({ granted: null, confirmation: null, published_from: null, published_until: null, ...step, by: by.display_name })),
});

function enter(world, account, action, outcome) {
  const act = world.act(account, action);
  world.append('disclosure', { outcome, by: account.id });
  world.outcome(act, account);
}

function checkForm(form) {
  const { kind, cameras, conditions = '', use_until: useUntil = null } = form;
  if (['body', 'officer', 'phone', 'document', 'basis', 'purpose'].some((name) => !form[name]?.trim())) throw unfit();
  if (!GROUNDS.some(({ id }) => id === form.ground)) throw unfit();
  if (cameras.length < 1 || cameras.length > 9) throw spanUnfit();
  const [fromMs, untilMs] = [Date.parse(form.from), Date.parse(form.until)];
  if (!(untilMs > fromMs) || untilMs - fromMs > 4 * HOUR_MS || untilMs > Date.now() || fromMs % MINUTE_MS || untilMs % MINUTE_MS) throw spanUnfit();
  if (kind === 'own-use' && !conditions && useUntil === null) return;
  const ahead = useUntil ? dayNumber(useUntil) - dayOf(Date.now()) : -1;
  if (!conditions.trim() || ahead < 0 || ahead > LONGEST_USE_DAYS) throw unfit();
}

/** Receives a disclosure; also for tests, which need those of other people and times. */
export function receiveDisclosure(world, account, form) {
  checkForm(form);
  const id = `${new Date().getUTCFullYear()}-${world.disclosures.length + 1}`;
  const absent = form.cameras.filter((camera) => world.emptied?.includes(camera));
  const kept = form.cameras.filter((camera) => !absent.includes(camera));
  const span = { fromMs: Date.parse(form.from), toMs: Date.parse(form.until), untilMs: Date.now() + 90 * DAY_MS };
  const hold = kept.length > 0 ? { id: randomUUID(), case: `제공 ${id}`, cameras: kept, ...span, purpose: null, by: account, atMs: Date.now(), released: null } : null;
  if (hold) world.holds.unshift(hold);
  const it = { id, form, by: account, atMs: Date.now(), steps: [], absent, hold };
  world.disclosures.push(it);
  enter(world, account, 'disclosure.receive', 'received');
  return it;
}

const MAY = {
  decided: (it) => !grantedBy(it),
  compelled: (it) => !grantedBy(it),
  reviewed: OWED.review,
  provided: (it) => grantedBy(it) && !taken(it, 'provided'),
  published: OWED.publish,
  reported: OWED.report,
  withdrawn: (it) => !taken(it, 'provided'),
};
const ACTIONS = { decided: 'disclosure.decide', compelled: 'disclosure.compel', reviewed: 'disclosure.review' };

function checkStep(step, { granted, text = '', confirmation, published_from: from, published_until: until }) {
  const isTextNeeded = granted === false || ['reviewed', 'published', 'reported'].includes(step);
  if (isTextNeeded && !text.trim()) throw unfit();
  if (step === 'compelled') {
    const ago = Date.now() - Date.parse(confirmation.at);
    if (!confirmation.by.trim() || !(ago >= 0 && ago <= 24 * HOUR_MS)) throw unfit();
  }
  if (step === 'published' && (dayNumber(from) > dayOf(Date.now()) || !(dayNumber(until) - dayNumber(from) >= PUBLISHED_DAYS))) throw unfit();
}

/** Takes the next step of a disclosure; also for tests. */
export function goOn(world, account, it, step, more = {}) {
  const first = { decided: it.by, reviewed: taken(it, 'compelled')?.by }[step];
  const action = ACTIONS[step] ?? 'disclosure.continue';
  if (first?.id === account.id) {
    world.append('refusal', { action, outcome: 'own-disclosure', by: account.id });
    throw own();
  }
  if (isOver(it) || !MAY[step](it)) throw conflict();
  checkStep(step, more);
  it.steps.push({ step, at: iso(Date.now()), by: account, text: '', ...more });
  const isLetGo = isOver(it) || (taken(it, 'provided') && !OWED.review(it));
  if (it.hold && !it.hold.released && isLetGo) it.hold.released = { by: account, atMs: Date.now(), purpose: null };
  enter(world, account, action, step);
}

function found(world, path) {
  const it = world.disclosures.find(({ id }) => path.split('/')[2] === id);
  if (!it) throw notFound();
  return it;
}

const step = (word, moreOf = (input) => input) => ({ world, account, path, input }) => {
  may(world, account, ACTIONS[word] ?? 'disclosure.continue');
  const it = found(world, path);
  goOn(world, account, it, word, moreOf(input));
  return { body: caseOf(world, account, it) };
};

export const DISCLOSURE_HANDLERS = {
  'GET /disclosures': ({ world, account }) => {
    may(world, account, 'disclosure.list');
    const lines = [...world.disclosures].reverse().map((it) => lineOf(world, account, it));
    const rank = ({ state, duties }) => duties[0]?.days_left ?? (state.startsWith('awaits') ? 1e6 : 1e7);
    return { body: { disclosures: lines.sort((a, b) => rank(a) - rank(b)), grounds: GROUNDS, published_days: PUBLISHED_DAYS } };
  },
  'POST /disclosures': ({ world, account, input }) => {
    may(world, account, 'disclosure.receive');
    return { status: 201, body: caseOf(world, account, receiveDisclosure(world, account, input)) };
  },
  'GET /disclosures/{receipt}': ({ world, account, path }) => {
    may(world, account, 'disclosure.read');
    const it = found(world, path);
    world.outcome(world.act(account, 'disclosure.read'), account);
    return { body: caseOf(world, account, it) };
  },
  'POST /disclosures/{receipt}/decision': step('decided'),
  'POST /disclosures/{receipt}/compulsion': step('compelled', (confirmation) => ({ confirmation })),
  'POST /disclosures/{receipt}/review': step('reviewed'),
  'POST /disclosures/{receipt}/provision': step('provided'),
  'POST /disclosures/{receipt}/publication': step('published', ({ text, from, until }) => ({ text, published_from: from, published_until: until })),
  'POST /disclosures/{receipt}/report': step('reported'),
  'POST /disclosures/{receipt}/withdrawal': step('withdrawn'),
};

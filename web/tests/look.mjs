// Photographs every page at 1440 and 390 pixels, over the mock, to be looked at:
// node tests/look.mjs FOLDER

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { startMock } from '../dev/mock.mjs';
import { place, release } from '../dev/holds.mjs';
import { FINDINGS } from '../dev/institution.mjs';
import { addFloor } from '../dev/plans.mjs';
import { announce, promises } from '../dev/policy.mjs';
import { decide, propose, proposeMinutes } from '../dev/proposals.mjs';
import { goOn, receiveRequest } from '../dev/requests.mjs';
import { closeTicket, openTicket } from '../dev/tickets.mjs';
import { enterVisit } from '../dev/visits.mjs';
import { PASSWORD } from '../dev/world.mjs';
import { DESK, goTo, launch, moving, POCKET, signIn } from './browser.mjs';
import { disclosures } from './look-disclosures.mjs';

const folder = process.argv[2] ?? 'tests/shots';
mkdirSync(folder, { recursive: true });

const mock = await startMock();
const browser = await launch();
let page;
const shot = (name, fullPage = false) => page.screenshot({ path: join(folder, `${name}.png`), fullPage });

async function fresh(viewport, address = mock.address) {
  const context = await browser.newContext({ viewport, locale: 'ko-KR' });
  page = await context.newPage();
  page.on('pageerror', (error) => console.error('page error:', error.message));
  page.on('console', (message) => message.type() === 'error' && console.error('console:', message.text()));
  await page.goto(address);
}

/** Proposals in every state that a page shows differently. */
function proposals() {
  const { world } = mock;
  const person = (name) => world.accounts.find((account) => account.name === name);
  const days = (index, count) => ({ camera: world.cameras[index].id, retention_max_s: count * 86_400 });
  world.proposals = [];
  for (const camera of world.cameras) camera.retention_max_s = 30 * 86_400;
  decide(world, person('manager'), propose(world, person('admin'), { ...days(4, 45), reason: '정기 감사' }), true);
  decide(world, person('manager'), propose(world, person('officer'), { ...days(5, 365), reason: '계단 공사가 끝날 때까지' }), false);
  propose(world, person('officer'), { ...days(7, 60), reason: '어린이날 행사' }).untilMs = Date.now();
  world.stumbles = true;
  try {
    decide(world, person('manager'), propose(world, person('officer'), { ...days(2, 90), reason: '주차장 접촉 사고 분쟁' }), true);
  } catch {
    // As meant: approved, not carried out.
  }
  world.stumbles = false;
  propose(world, person('manager'), { ...days(3, 60), reason: '주차장 공사' });
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  const minutes = (hoursAgo, count) => ({ from: new Date(minute - hoursAgo * 3_600_000).toISOString(), to: new Date(minute - hoursAgo * 3_600_000 + count * 60_000).toISOString() });
  const due = proposeMinutes(world, person('officer'), { cameras: [world.cameras[1].id], ...minutes(3, 10), reason: '삭제 청구 2026-31' });
  decide(world, person('manager'), due, true);
  for (const at of ['decidedMs', 'atMs', 'untilMs']) due[at] -= 86_460_000;
  decide(world, person('manager'), proposeMinutes(world, person('officer'), { cameras: [2, 4].map((i) => world.cameras[i].id), ...minutes(5, 95), reason: '삭제 청구 2026-32' }), true);
  proposeMinutes(world, person('admin'), { cameras: [world.cameras[0].id], ...minutes(2, 1), reason: '시험 화면이 잘못 녹화됨' });
  propose(world, person('admin'), { ...days(1, 60), reason: '2026-117 수사 협조 요청, 경찰서에서 두 달 보관을 부탁함' });
}

/** Holds far from their end, near it, and ended. */
function holds() {
  const { world } = mock;
  const manager = world.accounts.find((account) => account.name === 'manager');
  const [day, now] = [86_400_000, Date.now()];
  const iso = (ms) => new Date(ms).toISOString();
  const held = (name, cameras, daysAgo, minutes, leftMs, kind, note) =>
    place(world, manager, { case: name, cameras: cameras.map((i) => world.cameras[i].id), from: iso(now - daysAgo * day), to: iso(now - daysAgo * day + minutes * 60_000), until: iso(now + leftMs), purpose: { kind, note } });
  world.holds = [];
  release(world, manager, held('2025-88 놀이터 부상', [7], 20, 30, 60 * day, 'subject-request', '보호자의 열람 청구'), { kind: 'subject-request', note: '청구가 취하됨' });
  held('2026-101 로비 도난', [1, 4], 15, 60, day, 'crime-prevention', '분실물 신고').untilMs = now - 3 * day;
  held('2026-117 주차장 접촉 사고', [2, 3], 2, 10, 60 * day, 'incident', '보험사와 분쟁이 있어 두 달 동안 보전');
  held('2026-120 정문 앞 폭행, 중부경찰서 형사과 요청 제2026-3381호', [0, 1, 4, 6], 5, 95, 10 * day, 'investigation', '수사 협조 공문을 받음');
  held('2026-99 비상계단 낙상', [5], 28, 20, 1.25 * day, 'incident', '산재 처리 중');
}

/** A contractor who is here, a ticket that is planned, one that was closed; then the two dialogs. */
async function tickets(size) {
  const { world } = mock;
  const person = (name) => world.accounts.find((account) => account.name === name);
  const hour = 3_600_000;
  const [today, day] = [new Date().setMinutes(0, 0, 0), 24 * hour];
  const one = (fromMs, hours, work, cameras = []) =>
    openTicket(world, person('officer'), { contractor: person('contractor').id, escort: person('officer').id, work, cameras: cameras.map((i) => world.cameras[i].id), from: new Date(fromMs).toISOString(), until: new Date(fromMs + hours * hour).toISOString() });
  world.tickets = [];
  const past = one(today - 2 * day, 3, '녹화기 팬 교체');
  past.visits.push({ from: new Date(past.fromMs + 600_000).toISOString(), until: null });
  closeTicket(world, person('manager'), past, '팬을 바꾸고 온도를 확인함');
  one(today + 2 * day, 4, '분기 정기 점검: 녹화 장치와 카메라 전체');
  const now = one(today, 3, '주차장 카메라 두 대의 렌즈 청소와 초점 조정', [2, 3]);
  now.visits.push({ from: new Date(now.fromMs).toISOString(), until: null });
  await page.getByText('부터 접속 중').waitFor();
  await page.getByText('지난 작업표').click();
  await shot(`${size}-tickets`, true);
  await page.getByRole('button', { name: '작업표 열기' }).click();
  await shot(`${size}-ticket-form`, true);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '작업표 닫기' }).first().click();
  await shot(`${size}-ticket-close`);
  await page.keyboard.press('Escape');
}

/** Visitors who are there, one who was not let in, older ones; then the dialog. */
async function visits(size) {
  const { world } = mock;
  const officer = world.accounts.find((account) => account.name === 'officer');
  const hour = 3_600_000;
  const one = (hoursAgo, more) => {
    const made = enterVisit(world, officer, { area: 'server-room', escort: officer.id, consent: 'given', admission: 'granted', name: '박방문', body: '한빛보안 과장', business: '통신실 배선 점검', ...more });
    made.atMs -= hoursAgo * hour;
    return made;
  };
  world.visits = [];
  one(60, {}).leftMs = Date.now() - 58 * hour;
  one(50, { consent: 'refused', name: '', body: '', business: '' }).leftMs = Date.now() - 49 * hour;
  one(3, { admission: 'denied', name: '오영업', body: '', business: '제품 소개', reason: '약속이 없고 신분을 확인하지 못함' });
  one(2, { consent: 'refused', name: '', body: '', business: '' });
  one(1, {});
  await page.getByText('박방문').waitFor();
  await page.getByText('지난 기록').click();
  await shot(`${size}-visits`, true);
  await page.getByRole('button', { name: '출입 기록하기' }).click();
  await page.getByRole('dialog').getByRole('radio', { name: '동의', exact: true }).check();
  await page.getByRole('dialog').getByRole('radio', { name: '들이지 않음' }).check();
  await shot(`${size}-visit-form`);
  await page.keyboard.press('Escape');
}

/** Requests in every state, one overdue; then the form, one before and after it is read, and the decision. */
async function requests(size) {
  const { world } = mock;
  const person = (name) => world.accounts.find((account) => account.name === name);
  const [hour, day] = [3_600_000, 86_400_000];
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  const iso = (ms) => new Date(ms).toISOString();
  const one = (daysAgo, cameras, minutes, asks, isIdentified, more = {}) => {
    const from = minute - (daysAgo + 1) * day - 2 * hour;
    const requester = { name: '홍청구', phone: '010-0000-0000', born: '1980-01-31', address: '' };
    const form = { requester, agent: null, asks, cameras: cameras.map((i) => world.cameras[i].id), from: iso(from), until: iso(from + minutes * 60_000), reason: '로비에서 가방을 잃어버림. 빨간 외투, 회색 바지', channel: 'counter', ...more };
    const made = receiveRequest(world, person('officer'), form);
    if (isIdentified) goOn(world, person('officer'), made, 'identified', { text: '창구에서 신분증을 봄' });
    made.atMs -= daysAgo * day;
    for (const step of made.steps) step.at = iso(made.atMs + 900_000);
    if (made.hold) made.hold.untilMs -= daysAgo * day;
    return made;
  };
  Object.assign(world, { requests: [], holds: [] });
  goOn(world, person('manager'), one(16, [2], 10, ['viewing'], true), 'decided', { decision: 'granted' });
  goOn(world, person('officer'), world.requests[0], 'done', { text: '창구에서 보여 드림' });
  one(14, [7], 30, ['existence'], false);
  one(12, [0, 6], 20, ['existence', 'viewing'], true);
  goOn(world, person('manager'), one(9, [3], 45, ['viewing'], true), 'decided', { decision: 'refused', ground: 'refusal-act-1', text: '법령에 따른 비밀' });
  const agent = { kind: 'legal-representative', person: { name: '홍보호', phone: '010-0000-0001', born: null, address: '' }, relation: '어머니' };
  const mine = one(8, [1, 4], 90, ['existence', 'viewing'], true, { agent });
  one(1, [5], 240, ['viewing', 'deletion'], false);
  one(0, [8], 15, ['deletion'], true);
  await page.getByText('기한 2일 지남').waitFor();
  await page.getByText('끝난 청구').click();
  await shot(`${size}-requests`, true);
  await page.getByRole('button', { name: '청구서 접수' }).click();
  await page.getByRole('dialog').getByRole('checkbox', { name: '대리인이 청구함' }).check();
  await shot(`${size}-request-form`);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: `접수번호 ${mine.id} 보기` }).click();
  await shot(`${size}-request-unread`, true);
  await page.getByRole('button', { name: '읽고 처리하기' }).click();
  await page.getByText('빨간 외투').waitFor();
  await shot(`${size}-request`, true);
  await page.getByRole('button', { name: '결정', exact: true }).click();
  await page.getByRole('dialog').getByRole('radio', { name: '일부 거절' }).check();
  await shot(`${size}-request-decide`);
  await page.keyboard.press('Escape');
  Object.assign(world, { requests: [], holds: [] });
}

/** Without a policy, then with two versions, broken promises, and a draft that cannot be announced. */
async function policyAndPromises(size) {
  const { world } = mock;
  await goTo(page, '약속');
  await page.getByText('시행 중인 방침이 없습니다').waitFor();
  await shot(`${size}-promises-empty`);
  announce(world, { effective: '2024-03-01' });
  announce(world, { mended: [{ found: '보관기간: 약 한 달', now: '보관기간: 촬영일부터 30일' }] });
  world.promises = promises({ 'cameras.lobby': 'broken', 'safety.room': 'unproven' });
  world.entered = { entry: world.append('promises'), at: new Date().toISOString() };
  await page.getByRole('button', { name: '다시 살펴보기' }).click();
  await page.getByText('어긋난 약속').waitFor();
  await shot(`${size}-promises`, true);
  await page.getByRole('button', { name: /^확인 기록:/ }).click();
  await page.getByRole('radio', { name: '약속대로임' }).check();
  await shot(`${size}-attest`);
  await page.getByRole('button', { name: '기록', exact: true }).click();
  await page.getByText('확인한 것을 기록했습니다').waitFor();
  await shot(`${size}-attested`, true);
  await goTo(page, '할 일');
  await page.getByText('기한이 되었거나 지난 일').waitFor();
  await shot(`${size}-tasks`);
  await goTo(page, '방침');
  await page.getByText('무엇을 고쳤는가').click();
  await shot(`${size}-policy`, true);
  const choose = (text) => page.getByLabel('기관 설명 파일').setInputFiles({ name: 'library.toml', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await choose('warning error looser');
  await page.getByText('오류가 1건').waitFor();
  await shot(`${size}-policy-draft`, true);
  await choose('warning');
  await page.getByText('공고할 수 있습니다').waitFor();
  await page.getByRole('button', { name: '공고', exact: true }).click();
  await shot(`${size}-policy-announce`);
  await page.keyboard.press('Escape');
  world.policies = [];
}

/** Without a policy, then with something found of several parts. */
async function institution(size) {
  const { world } = mock;
  await goTo(page, '방침');
  await goTo(page, '기관');
  await page.getByText('시행 중인 방침이 없습니다').waitFor();
  await shot(`${size}-institution-empty`);
  announce(world);
  world.findings = FINDINGS;
  await page.reload();
  await page.getByRole('heading', { name: '한빛구립도서관' }).waitFor();
  await shot(`${size}-institution`, true);
  world.policies = [];
  world.findings = [];
}

/** Rooms of nowhere: two rows of them along a corridor. */
async function drawnPlan() {
  const text = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 1000 });
    const paper = canvas.getContext('2d');
    paper.fillStyle = '#fff';
    paper.fillRect(0, 0, 1600, 1000);
    paper.strokeStyle = '#55606a';
    paper.fillStyle = '#55606a';
    paper.font = '30px sans-serif';
    const room = (x, y, width, height, name) => {
      paper.lineWidth = 8;
      paper.strokeRect(x, y, width, height);
      paper.fillText(name, x + 24, y + 48);
    };
    room(60, 60, 1480, 880, '');
    room(60, 60, 420, 340, '민원실');
    room(480, 60, 520, 340, '회의실');
    room(1000, 60, 540, 340, '서버실');
    room(60, 620, 700, 320, '로비');
    room(760, 620, 380, 320, '자료실');
    room(1140, 620, 400, 320, '계단');
    paper.fillText('복도', 90, 530);
    return canvas.toDataURL('image/png').split(',')[1];
  });
  return text;
}

/** Without a floor, then on a grid, on a drawing, and while it is changed. */
async function floorPlans(size) {
  const { world } = mock;
  const admin = world.accounts.find((account) => account.name === 'admin');
  const at = (i, x, y, direction = null, angle = null, reach = null) => ({ camera: world.cameras[i].id, x_permyriad: x, y_permyriad: y, direction_deg: direction, angle_deg: angle, reach_permyriad: reach });
  await goTo(page, '카메라');
  await goTo(page, '평면도');
  await page.getByText('아직 층이 없습니다').waitFor();
  await shot(`${size}-plans-empty`);
  await page.getByRole('button', { name: '건물·층 추가' }).click();
  await shot(`${size}-plans-floor-form`);
  await page.keyboard.press('Escape');
  const site = { site: '청사 부지', building: '본관' };
  world.cameras[4].state = 'off-hours';
  world.cameras[5].state = 'not-ordered';
  addFloor(world, admin, { ...site, name: '지하 1층', level: -1 }, [at(2, 3000, 4000, 180, 90), at(3, 7000, 4000)]);
  const picture = await drawnPlan();
  const floor = addFloor(world, admin, { ...site, name: '1층', level: 1 }, [at(0, 1200, 8800, 45, 80, 2200), at(1, 4600, 6700, 200, 95, 1800), at(4, 6000, 5100, 90, 60, 2600), at(5, 8700, 7200, 150, null), at(6, 700, 1200, 135, 110)], picture);
  await page.goto(`${mock.address}/#/plans?floor=${world.floors[0].id}`);
  await page.reload();
  await page.getByText('빈 모눈에 놓습니다').waitFor();
  await shot(`${size}-plans-grid`, true);
  await page.goto(`${mock.address}/#/plans?floor=${floor.id}`);
  await page.waitForFunction(() => document.querySelector('.sheet canvas')?.hidden === false);
  await shot(`${size}-plans`, true);
  await page.getByRole('button', { name: '고치기' }).click();
  await page.getByRole('button', { name: /^2\. 로비/ }).click();
  await shot(`${size}-plans-edit`, true);
  world.floors = [];
  world.cameras[4].state = world.cameras[5].state = 'recording';
}

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  await fresh(viewport);
  await page.getByLabel('비밀번호').waitFor();
  await shot(`${size}-signin`);
  await fresh(viewport, `${mock.address}/#link=nothing`);
  await page.getByLabel('비밀번호 확인').waitFor();
  await shot(`${size}-claim`);

  await fresh(viewport);
  await signIn(page, 'manager', PASSWORD);
  await moving(page, 8);
  await shot(`${size}-live`);
  await page.getByRole('button', { name: /^4$/ }).click();
  await moving(page, 4);
  await shot(`${size}-live4`);
  await page.getByRole('button', { name: '교대' }).click();
  await shot(`${size}-handover`);
  await page.keyboard.press('Escape');

  await goTo(page, '재생');
  await page.locator('summary').click();
  for (const name of ['로비', '주차장 동쪽', '옥상']) await page.getByLabel(name).check();
  await shot(`${size}-footage-pick`);
  await page.locator('summary').click();
  await page.getByRole('button', { name: '▶ 재생' }).click();
  await page.getByLabel('목적').selectOption('incident');
  await page.getByLabel('사건 번호 또는 사유').fill('2026-117 주차장 접촉 사고');
  await shot(`${size}-purpose`);
  await page.getByRole('button', { name: '재생하기' }).click();
  await moving(page, 3);
  await shot(`${size}-footage`, true);
  await page.getByRole('button', { name: '1시간' }).click();
  await page.getByRole('button', { name: '한 프레임 뒤로' }).click();
  await page.locator('.strip').first().waitFor({ state: 'attached' });
  await page.waitForTimeout(700);
  await shot(`${size}-footage-frame`, true);
  await page.getByRole('button', { name: /거꾸로/ }).click();
  await page.locator('.rate select').selectOption('8');
  await page.locator('.thin').waitFor();
  await page.waitForTimeout(1500);
  await shot(`${size}-footage-backwards`, true);
  await page.getByRole('button', { name: /거꾸로/ }).click();
  await page.getByRole('button', { name: '6시간' }).click();
  await page.locator('button.gap').first().hover();
  await shot(`${size}-footage-gap`, true);

  await goTo(page, '상태');
  await page.getByText('사람이 할 일').waitFor();
  await shot(`${size}-health`, true);
  await goTo(page, '원장');
  await page.getByText('방금 한 일').first().waitFor();
  await shot(`${size}-ledger`, true);
  await page.getByRole('row').filter({ hasText: '녹화 영상 재생' }).first().getByRole('button').click();
  await page.getByText('2026-117').waitFor();
  await shot(`${size}-entry`);
  await page.keyboard.press('Escape');
  await goTo(page, '승인');
  await page.getByText('승인 요청이 없습니다').waitFor();
  await shot(`${size}-approvals-empty`);
  proposals();
  await page.getByRole('article').first().waitFor();
  await shot(`${size}-approvals`, true);
  await page.getByRole('article').filter({ hasText: '2026-117' }).getByRole('button', { name: '승인' }).click();
  await shot(`${size}-approve`);
  await page.keyboard.press('Escape');
  await page.getByRole('article').getByRole('button', { name: '파기', exact: true }).click();
  await shot(`${size}-destroy`);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '일부 영상 파기 요청' }).click();
  await page.getByRole('dialog').waitFor();
  await shot(`${size}-minutes-form`);
  await page.keyboard.press('Escape');
  mock.world.proposals = [];
  await goTo(page, '보전');
  await page.getByText('보전 중인 영상이 없습니다').waitFor();
  await shot(`${size}-holds-empty`);
  holds();
  await page.getByRole('article').first().waitFor();
  await page.getByText('끝난 보전').click();
  await shot(`${size}-holds`, true);
  await page.getByRole('article').first().getByRole('button', { name: '연장' }).click();
  await shot(`${size}-hold-renew`);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '영상 보전' }).click();
  await shot(`${size}-hold-form`);
  await page.keyboard.press('Escape');
  mock.world.holds = [];
  await page.evaluate(() => (location.hash = '#/requests'));
  await page.getByText('처리할 청구가 없습니다').waitFor();
  await shot(`${size}-requests-empty`);
  await requests(size);
  await page.evaluate(() => (location.hash = '#/disclosures'));
  await page.getByText('처리할 건이 없습니다').waitFor();
  await shot(`${size}-disclosures-empty`);
  await disclosures(mock.world, page, shot, size);
  await policyAndPromises(size);
  await page.evaluate(() => (location.hash = '#/tickets'));
  await tickets(size);
  await institution(size);
  await page.evaluate(() => (location.hash = '#/visits'));
  await visits(size);
  await goTo(page, '계정');
  await page.getByText('이도윤').waitFor();
  await shot(`${size}-accounts`, true);
  await page.getByRole('button', { name: '계정 발급' }).click();
  await shot(`${size}-account-form`);

  mock.world.idleLimitS = 6;
  await fresh(viewport);
  await signIn(page, 'operator', PASSWORD);
  await page.getByRole('heading', { name: '조작이 잠겼습니다' }).waitFor();
  await moving(page, 8);
  await shot(`${size}-locked`);
  mock.world.idleLimitS = 900;

  await fresh(viewport);
  await signIn(page, 'admin', PASSWORD);
  await goTo(page, '카메라');
  await page.getByText('주차장 동쪽').waitFor();
  await shot(`${size}-cameras`, true);
  await page.getByRole('button', { name: '정문 자세히' }).click();
  await shot(`${size}-camera`);
  await page.getByRole('button', { name: '시험 화면' }).click();
  await page.getByLabel('사유').fill('설치 후 각도 확인');
  await page.getByRole('button', { name: '한 장 보기' }).click();
  await page.waitForTimeout(700);
  await shot(`${size}-still`);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '정문 자세히' }).click();
  await page.getByRole('button', { name: '보관 기간 변경' }).click();
  await page.getByLabel('새 보관 기간').fill('60');
  await shot(`${size}-retention`);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '카메라 추가' }).click();
  await shot(`${size}-camera-form`);
  await page.keyboard.press('Escape');
  await floorPlans(size);

  await fresh(viewport);
  await signIn(page, 'contractor', PASSWORD);
  await page.locator('canvas').first().waitFor();
  await page.waitForTimeout(300);
  await shot(`${size}-pattern`);
  await page.getByRole('button', { name: 'English' }).click();
  await goTo(page, 'Health');
  await page.getByText('Volumes').waitFor();
  await shot(`${size}-health-en`, true);

  mock.world.broken = ['/ledger', '/cameras'];
  await goTo(page, 'Ledger');
  await page.getByRole('alert').waitFor();
  await shot(`${size}-failing`);
  mock.world.broken = [];
  const kept = mock.world.cameras;
  mock.world.cameras = [];
  await goTo(page, 'Live');
  await page.getByText('There is no camera yet').waitFor();
  await shot(`${size}-empty`);
  mock.world.cameras = kept;
}
await browser.close();
await mock.close();

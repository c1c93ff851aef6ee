// The everyday cases of a rights desk, each to its end, as its people click them: a real recorder with the
// cameras and the policy of a sample institution. The cases follow one another, as they do in an office, and the
// registers are read at the end. The steps are in desk/. Where JIKIM_LOOK names a folder, the pages of a case that
// failed are photographed.

import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { moving, withBrowser } from '../browser.mjs';
import { startDemo } from './demo.mjs';
import * as provision from './desk/disclosures.mjs';
import { addShortCamera, certificate } from './desk/expiry.mjs';
import { accountRow, appoint, comeBack, day, daysAhead, firstManager, minutesFrom, moment, onDuty, PASSWORD, told, toPage, ZONE } from './desk/office.mjs';
import { emptyFields, register, the } from './desk/registers.mjs';
import * as request from './desk/requests.mjs';

const [MANAGER, OFFICER, DEPUTY] = ['김하늘', '이서연', '박지훈'];
const open = withBrowser({ keeps: true });
let demo;
let [manager, officer, deputy] = [];
/** Of the minute that everybody asks about, so much has footage at least. */
const LEAST_MS = 10_000;
/** The first minute of footage, once it has passed. */
let recorded;
/** A camera whose footage is kept for half a minute, and since when it hangs. */
let short;
/** So long after its minute, all of it is destroyed. */
const GONE_AFTER_MS = 40_000;
/** What the registers must say of each case in the end. */
const filed = { requests: [], disclosures: [] };

before(async () => {
  demo = await startDemo({ institution: 'gunsan' });
  const startedMs = Date.now();
  short = await addShortCamera(demo, '옛 창고 출입구');
  manager = await firstManager(open, demo, MANAGER);
  officer = await appoint(open, manager, { name: 'seoyeon', displayName: OFFICER, post: '관리담당자: 행정지원과 주무관', document: '행정지원과-2026-31' });
  deputy = await appoint(open, manager, { name: 'jihun', displayName: DEPUTY, standsInFor: OFFICER, document: '행정지원과-2026-32' });
  recorded = minutesFrom(startedMs + LEAST_MS);
  await manager.waitForTimeout(Math.max(0, recorded.toMs + 2000 - Date.now()));
});
after(() => demo?.stop());
// A case that failed leaves no dialog to the next.
beforeEach(async () => {
  for (const page of [manager, officer, deputy]) await page.keyboard.press('Escape');
});
afterEach(async (context) => {
  const look = process.env.JIKIM_LOOK;
  if (!look || context.passed !== false) return;
  mkdirSync(look, { recursive: true });
  for (const [who, page] of Object.entries({ manager, officer, deputy })) await page.screenshot({ path: `${look}/${context.name.split(' ')[0]}-${who}.png` });
});

const span = (...cameras) => ({ cameras, ...recorded, found: /영상 있음|일부만 있음/ });
const viewing = { day: daysAhead(3), time: '14:00', place: '시민안전과 상황실' };
/** What every request at its end has in its row; what may be empty is named. */
const ended = (number, says, empty = []) => filed.requests.push({ number, says: { '처리 상태': /^끝남$/, ...says }, empty: [...empty, '사본 교부 내용·사유'] });
const NO_AGENT = '대리인 성명·연락처';
const NO_GROUND = '거절·연기의 근거와 사유';
const NO_OBJECTION = '이의신청 (받은 날·기한·내용)';

test('1 damage in the car park: asked at the counter, looked at, granted, told', async () => {
  const { number, text } = await request.receive(officer, {
    requester: { name: '정민수', phone: '010-1111-0001', born: '1984-03-02', address: '군산시 조촌동 1' },
    asks: ['존재확인', '열람'],
    reason: '주차장에서 흰색 승용차(12가3456)의 문이 긁힘. 검은 외투',
    channel: '창구',
    ...span('시청 주차장 1', '시청 주차장 2'),
  });
  assert.match(text, /영상을 \d{4}-\d\d-\d\d \d\d:\d\d까지 보전합니다/);
  const row = await request.row(officer, number);
  assert.match(await row.innerText(), new RegExp(`10일 남음[\\s\\S]*${daysAhead(10)}까지[\\s\\S]*존재확인, 열람[\\s\\S]*본인 확인 전[\\s\\S]*시청 주차장 1, 시청 주차장 2[\\s\\S]*보전 중`));
  assert.doesNotMatch(await row.innerText(), /정민수/, 'the board has no names');
  await request.read(officer, number);
  await request.letter(officer, '접수증', { number, documentNumber: '시민안전과-2026-101' });
  await request.identify(officer, '주민등록증을 봄');

  // Whoever received it does not decide it: not on the page, which says why, nor past it.
  assert.match(await officer.locator('.next').innerText(), /직접 접수하셨으므로 결정할 수 없습니다/);
  assert.equal(await officer.getByRole('button', { name: '결정', exact: true }).count(), 0);
  const own = await officer.evaluate(async (id) => {
    const headers = { 'X-Jikim-Request': '1', 'Content-Type': 'application/json' };
    const answer = await fetch(`/api/v1/requests/${id}/decision`, { method: 'POST', headers, body: JSON.stringify({ decision: 'granted' }) });
    return [answer.status, (await answer.json()).error.message_ko];
  }, number);
  assert.equal(own[0], 403);
  assert.match(own[1], /접수/);

  // The manager looks at the footage for this request, and decides.
  await request.read(manager, number);
  await manager.getByRole('link', { name: '영상 보기' }).click();
  await manager.getByRole('slider').waitFor();
  await manager.getByRole('button', { name: '▶ 재생' }).click();
  const asking = manager.getByRole('dialog');
  await asking.getByLabel('목적').selectOption('subject-request');
  await asking.getByLabel('사건 번호').fill(number);
  await asking.getByRole('button', { name: '재생하기' }).click();
  await moving(manager, 1, 40_000);
  await request.read(manager, number);
  await request.decide(manager, '청구대로');
  assert.equal(await request.next(manager), '다음 할 일: 통지');
  await request.letter(manager, '존재확인 결과 통지서', { number, documentNumber: '시민안전과-2026-102' });
  const notice = await request.letter(manager, '열람 통지서', { number, documentNumber: '시민안전과-2026-103', viewing });
  for (const part of ['정민수', viewing.place, '제35조']) assert.ok(notice.includes(part), `the notice has ${part}`);
  await request.read(officer, number);
  await request.answer(officer, '상황실에서 가린 화면을 보여 줌');
  assert.equal(await request.next(officer), '더 할 일이 없습니다');
  assert.match(await (await request.row(officer, number)).innerText(), /끝남: 청구대로/);
  ended(number, { '청구인 성명·연락처': /정민수\s+010-1111-0001/, '영상 (카메라·시간)': new RegExp(`시청 주차장 1[\\s\\S]*${told(recorded.fromMs).slice(0, 10)}`), '접수 담당자': /이서연/, '본인 확인': /이서연/, '결정 (일시·담당자)': /청구대로[\s\S]*김하늘/, '통지 (일시·담당자)': /이서연/, 처리기한: new RegExp(daysAhead(10)) }, [NO_AGENT, NO_GROUND, NO_OBJECTION]);
});

test('2 a lost item: where it was left is told, and the case is over', async () => {
  const { number } = await request.receive(deputy, {
    requester: { name: '윤하은', phone: '010-2222-0002' },
    asks: ['존재확인'],
    reason: '로비 의자에 회색 손가방을 두고 감. 파란 우산',
    channel: '창구',
    ...span('시청 본관 1'),
  });
  await request.read(deputy, number);
  await request.identify(deputy, '운전면허증을 봄');
  await request.read(officer, number);
  await request.decide(officer, '청구대로');
  const existence = await request.letter(officer, '존재확인 결과 통지서', { number, documentNumber: '행정지원과-2026-201' });
  assert.ok(existence.includes('윤하은'));
  assert.equal(await officer.getByRole('form', { name: '열람 통지서' }).count(), 0, 'viewing was not asked');
  await request.answer(officer, '안내대에서 찾아감');
  assert.match(await (await request.row(deputy, number)).innerText(), /존재확인[\s\S]*끝남: 청구대로/);
  ended(number, { '청구 내용': /^존재확인$/, '접수 담당자': /박지훈/, '결정 (일시·담당자)': /이서연/ }, [NO_AGENT, NO_GROUND, NO_OBJECTION]);
});

test('3 a fall: a daughter comes with a power of attorney', async () => {
  const { number } = await request.receive(officer, {
    requester: { name: '오순자', phone: '010-3333-0003', born: '1951-07-15' },
    agent: { name: '한지우', phone: '010-3333-0004', right: '위임장을 받은 대리인', relation: '딸' },
    asks: ['존재확인', '열람'],
    reason: '현관 계단에서 넘어져 다침. 보라색 모자',
    channel: '창구',
    ...span('시청 본관 2', '시청 본관 3'),
  });
  await request.read(officer, number);
  assert.match(await officer.locator('.next').innerText(), /대리인의 신분증과 위임장/);
  await request.identify(officer, '위임장과 대리인의 신분증을 봄');
  await request.read(manager, number);
  assert.match(await manager.getByRole('main').innerText(), /한지우[\s\S]*위임장을 받은 대리인 · 관계: 딸/);
  await request.decide(manager, '청구대로');
  await request.letter(manager, '열람 통지서', { number, documentNumber: '행정지원과-2026-301', viewing });
  await request.answer(manager, '대리인에게 보여 줌');
  ended(number, { [NO_AGENT]: /한지우[\s\S]*010-3333-0004[\s\S]*위임장을 받은 대리인 · 딸/, '청구인 성명·연락처': /오순자/, '결정 (일시·담당자)': /김하늘/ }, [NO_GROUND, NO_OBJECTION]);
});

test('4 an assault: refused in part for the victim; the police ask on their own road', async () => {
  const { number } = await request.receive(officer, {
    requester: { name: '강도현', phone: '010-4444-0001' },
    asks: ['존재확인', '열람'],
    reason: '공원 입구에서 폭행을 당함. 초록색 점퍼. 경찰에 신고함',
    channel: '창구',
    ...span('시민 공원 입구 1'),
  });
  await request.read(officer, number);
  await request.identify(officer, '여권을 봄');
  await request.read(manager, number);
  // That others appear is no ground to choose; a refusal without a ground is not taken.
  await manager.getByRole('button', { name: '결정', exact: true }).click();
  const dialog = manager.getByRole('dialog');
  await dialog.getByRole('radio', { name: '일부 거절' }).check();
  assert.equal(await dialog.getByRole('radio', { name: /함께 찍/ }).count(), 0);
  assert.ok(await dialog.getByRole('button', { name: '결정하기' }).isDisabled(), 'a refusal has its facts');
  await manager.keyboard.press('Escape');
  await request.decide(manager, '일부 거절', { ground: /재산과 그 밖의 이익을/, facts: '수사 중이어서 상대방이 나오는 부분은 보여 주지 않음. 있다는 것은 알림' });
  const notice = await request.letter(manager, '일부 거절·일부열람 통지서', { number, documentNumber: '교통행정과-2026-401', viewing });
  for (const part of ['상대방이 나오는 부분', '이의', '행정심판']) assert.ok(notice.includes(part), `the notice has ${part}`);
  await request.answer(manager, '통지서를 직접 줌');
  assert.match(await (await request.row(officer, number)).innerText(), /끝남: 일부 거절/);
  ended(number, { '결정 (일시·담당자)': /일부 거절[\s\S]*김하늘/, [NO_GROUND]: /그 밖의 이익[\s\S]*수사 중이어서/ }, [NO_AGENT, NO_OBJECTION]);

  // The police came without a paper of their own first: refused, and told in words what is missing.
  const asked = await provision.receive(officer, police({ paper: '구두 요청', ground: /범죄의 수사/, basis: { label: '수사 또는 공소의 사건번호', text: '번호 없음' }, cameras: ['시민 공원 입구 1'] }));
  await provision.read(manager, asked.number);
  await provision.decide(manager, '거절', '사건번호가 있는 공문이 아님. 공문으로 다시 요청하도록 알림');
  const refused = await provision.row(officer, asked.number);
  assert.match(await refused.innerText(), /거절됨[\s\S]*해제됨/);
  await provision.read(officer, asked.number);
  assert.equal(await officer.getByRole('button', { name: '제공 적기' }).count(), 0, 'what was refused is not given');
  assert.match(await officer.getByRole('main').innerText(), /더 할 일이 없습니다[\s\S]*사건번호가 있는 공문이 아님/);
  filed.disclosures.push({ number: asked.number, says: { '처리 상태': /거절/, '결정 (일시·담당자)': /거절[\s\S]*김하늘[\s\S]*사건번호가 있는 공문이 아님/ }, empty: ['혼자 한 제공의 확인·검토', '이용·제공 (일시·담당자)', '이용·제공 형태', '공고 (기간·곳)', '받은 기관의 결과 통지'] });
});

/** What the police asks for, in the words of its paper. */
const police = (more) => ({
  ...{ body: '군산경찰서 형사과', officer: '나형사 경위', phone: '063-000-0112', paper: '형사과-2026-331' },
  ...{ purpose: '주차장 차량 절도의 수사', conditions: '수사에만 쓰고 담당자만 볼 것. 기한이 되면 파기하고 알릴 것', useUntil: daysAhead(30) },
  ...recorded,
  found: /영상 있음|일부만 있음/,
  ...more,
});

test('5 a lost child at night: one on duty grants alone, another looks at it the next open day', async () => {
  const { number } = await provision.receive(deputy, police({
    ...{ body: '군산경찰서 여성청소년과', officer: '마순경 순경', paper: '여청과-2026-88', purpose: '다섯 살 실종아동이 간 길을 찾음' },
    ...{ ground: /급박한 생명/, basis: { label: '누구에게 어떤 위험이 있고', text: '다섯 살 어린이, 영하의 밤' }, cameras: ['시청 앞 교차로 1', '시청 앞 교차로 2'] },
  }));
  await provision.read(deputy, number);
  await provision.compel(deputy, { why: '실종아동등', by: '김하늘 관리책임자', how: '전화', at: moment(Date.now() - 60_000) });
  await provision.provide(deputy, '당직실에서 보여 줌');
  // Who granted it alone does not review it.
  assert.match(await deputy.locator('.next').innerText(), /직접 혼자 결정하셨으므로 검토할 수 없습니다/);
  assert.equal(await deputy.getByRole('button', { name: '검토 적기' }).count(), 0);
  const row = await provision.row(manager, number);
  assert.match(await row.innerText(), /혼자 결정한 건[\s\S]*검토[\s\S]*[1-9]일 남음[\s\S]*게재[\s\S]*(29|30)일 남음[\s\S]*통보[\s\S]*30일 남음[\s\S]*보전 중/);
  await provision.read(manager, number);
  await provision.review(manager, '112 신고와 통화를 확인함. 필요한 만큼만 보여 줌. 적정함');
  await provision.publish(manager, '시 누리집 공고 제2026-88호');
  await provision.report(manager, '아이를 찾음. 받은 것이 없어 파기할 것도 없음, 여청과-2026-90');
  assert.match(await (await provision.row(manager, number)).innerText(), /끝남[\s\S]*해제됨/);
  filed.disclosures.push({ number, says: { '처리 상태': /^끝남$/, '혼자 한 제공의 확인·검토': /실종아동등: 김하늘 관리책임자 \(전화[\s\S]*검토[\s\S]*김하늘[\s\S]*적정함/, '이용·제공 (일시·담당자)': /박지훈/, '공고 (기간·곳)': /누리집 공고/, '받은 기관의 결과 통지': /아이를 찾음/ }, empty: [] });
});

test('6 an old man telephones: received at once, identity when he comes', async () => {
  const { number } = await request.receive(officer, {
    requester: { name: '서만복', phone: '063-000-6006', born: '1940-01-20' },
    asks: ['존재확인'],
    reason: '은행에 다녀오다 지팡이를 잃음. 회색 두루마기. 귀가 어두워 크게 말해야 함',
    channel: '전화',
    ...span('시청 본관 4'),
  });
  await request.read(officer, number);
  assert.match(await officer.locator('.next').innerText(), new RegExp(`다음 할 일: 본인 확인[\\s\\S]*${daysAhead(7)} \\d\\d:\\d\\d까지 확인하지 않으면`));
  // Nothing is decided before he is known: there is no button, and no letter but the receipt.
  assert.equal(await officer.getByRole('button', { name: '결정', exact: true }).count(), 0);
  assert.equal(await officer.getByRole('form', { name: /통지서/ }).count(), 0);
  const receipt = await request.letter(officer, '접수증', { number, documentNumber: '행정지원과-2026-601' });
  assert.ok(receipt.includes('전화'));
  await request.identify(officer, '오후에 와서 주민등록증을 봄');
  await request.read(deputy, number);
  await request.decide(deputy, '청구대로');
  await request.letter(deputy, '존재확인 결과 통지서', { number, documentNumber: '행정지원과-2026-602' });
  await request.answer(deputy, '큰 글씨로 인쇄하여 줌');
  ended(number, { 접수방법: /^전화$/, '청구인 성명·연락처': /서만복/, '본인 확인': /이서연/, '결정 (일시·담당자)': /박지훈/ }, [NO_AGENT, NO_GROUND, NO_OBJECTION]);
});

test('7 refused, objected to, and decided anew by another', async () => {
  const { number } = await request.receive(officer, {
    requester: { name: '문가영', phone: '010-7777-0007' },
    asks: ['열람'],
    reason: '교차로 접촉 사고. 노란 승합차',
    channel: '종이(우편 등)',
    ...span('시청 앞 교차로 3'),
  });
  await request.read(officer, number);
  await request.identify(officer, '등기 우편에 든 신분증 사본을 보고 돌려줌');
  await request.read(manager, number);
  await request.decide(manager, '거절', { ground: /법률에 따라 열람이/, facts: '같은 사고의 손해배상 소송이 있어 법원에 묻도록 함' });
  const refusal = await request.letter(manager, '거절 통지서', { number, documentNumber: '교통행정과-2026-701' });
  for (const part of ['손해배상 소송', '이의', '행정심판']) assert.ok(refusal.includes(part), `the refusal has ${part}`);
  await request.answer(manager, '등기로 보냄');

  await request.read(officer, number);
  await request.object(officer, '소송은 다른 사고에 관한 것임');
  const row = await request.row(manager, number);
  assert.match(await row.innerText(), /1[4-9]일 남음[\s\S]*이의신청 결정 전: 거절[\s\S]*보전 중/);
  // Neither who decided it nor who entered the objection decides it; each is told why.
  for (const [page, why] of [[manager, /스스로 한 결정이므로 결정할 수 없습니다/], [officer, /이의신청을 스스로 접수하셨으므로 결정할 수 없습니다/]]) {
    await request.read(page, number);
    assert.match(await page.locator('.next').innerText(), why);
    assert.equal(await page.getByRole('button', { name: '결정', exact: true }).count(), 0);
  }
  await request.read(deputy, number);
  await request.decide(deputy, '청구대로');
  const result = await request.letter(deputy, '이의신청 결과·기한 연장 통지서', { number, documentNumber: '교통행정과-2026-702' });
  assert.ok(result.includes('문가영'));
  await request.letter(deputy, '열람 통지서', { number, documentNumber: '교통행정과-2026-703', viewing });
  await request.answer(deputy, '보여 줌');
  assert.match(await (await request.row(deputy, number)).innerText(), /끝남: 청구대로/);
  ended(number, { '결정 (일시·담당자)': /^거절[\s\S]*김하늘[\s\S]*이의신청 결과: 청구대로[\s\S]*박지훈/, [NO_GROUND]: /손해배상 소송/, [NO_OBJECTION]: /소송은 다른 사고[\s\S]*기한 \d{4}-/ }, [NO_AGENT]);
});

test('8 a warrant: grounds, conditions, until when it is used, and what is owed afterwards', async () => {
  const { number } = await provision.receive(officer, police({
    ...{ paper: '영장 2026-1234', ground: /다른 법률의 특별한 규정/, basis: { label: '법률과 조문', text: '형사소송법 제215조, 영장번호 2026-1234' } },
    cameras: ['시청 주차장 2', '시청 주차장 3'],
  }));
  await provision.read(officer, number);
  assert.match(await officer.locator('.next').innerText(), /직접 접수하셨으므로 결정할 수 없습니다/);
  await provision.read(manager, number);
  assert.match(await manager.getByRole('main').innerText(), new RegExp(`영장 2026-1234[\\s\\S]*형사소송법 제215조[\\s\\S]*수사에만 쓰고[\\s\\S]*${daysAhead(30)}까지`));
  await provision.decide(manager, '제공하기로 함', '영장 원본을 봄');
  await provision.provide(manager, '암호를 건 사본을 직접 넘김');
  const row = await provision.row(officer, number);
  assert.match(await row.innerText(), /제공함, 남은 일 있음[\s\S]*게재[\s\S]*(29|30)일 남음[\s\S]*통보[\s\S]*30일 남음/);
  await provision.read(officer, number);
  // Published for less than ten days is not taken, and the field says since when it would be.
  await officer.getByRole('button', { name: '게재 적기' }).click();
  const dialog = officer.getByRole('dialog');
  await dialog.getByLabel('마지막 날').fill(daysAhead(9));
  assert.match(await dialog.innerText(), new RegExp(`10일 이상 실어야 합니다: 마지막 날은 ${daysAhead(10)}부터`));
  assert.ok(await dialog.getByRole('button', { name: '게재를 기록' }).isDisabled());
  await officer.keyboard.press('Escape');
  await provision.publish(officer, '관보 제20260호');
  await provision.report(officer, '2026년 12월에 파기, 파기 확인서 제2026-31호');
  assert.match(await (await provision.row(officer, number)).innerText(), /끝남/);
  filed.disclosures.push({ number, says: { '처리 상태': /^끝남$/, '요청 문서': /영장 2026-1234/, '법적 근거': /특별한 규정[\s\S]*형사소송법 제215조/, '이용 기간': new RegExp(`${daysAhead(30)}까지`), '제한·안전조치 요구': /수사에만/, '결정 (일시·담당자)': /김하늘/, '공고 (기간·곳)': new RegExp(`${daysAhead(0)} ~ ${daysAhead(10)}[\\s\\S]*관보`) }, empty: ['혼자 한 제공의 확인·검토'] });
});

test('9 footage that is gone: destroyed in its time, or never recorded; decided as such, and proved', async () => {
  const gone = minutesFrom(short.sinceMs + LEAST_MS);
  await officer.waitForTimeout(Math.max(0, gone.toMs + GONE_AFTER_MS - Date.now()));
  const asks = { requester: { name: '배수진', phone: '010-9999-0009' }, asks: ['존재확인', '열람'], reason: '창고 앞에서 자전거를 잃음. 분홍 안장', channel: '창구' };
  const { number, text } = await request.receive(officer, { ...asks, cameras: [short.name], ...gone, found: new RegExp(`보관 기간이 ${day(Date.now())} \\d\\d:\\d\\d에 끝남`) });
  assert.match(text, /보전한 영상은 없습니다/);
  assert.match(await (await request.row(officer, number)).innerText(), /보전하지 않음\(남은 영상 없음\)/);
  await request.read(officer, number);
  await request.identify(officer, '주민등록증을 봄');
  await request.read(manager, number);
  await request.decide(manager, '남은 영상 없음');
  const absent = await request.letter(manager, '부존재(남은 영상 없음) 통지서', { number, documentNumber: '행정지원과-2026-901' });
  assert.match(absent, /보관 기간\(촬영한 때부터 30초까지\)이 \d{4}-\d\d-\d\d \d\d:\d\d에 끝남[\s\S]*파기 증명서를 드립니다/);
  await request.answer(manager, '통지서와 파기 증명서를 줌');
  ended(number, { '결정 (일시·담당자)': /남은 영상 없음[\s\S]*김하늘/ }, [NO_AGENT, NO_GROUND, NO_OBJECTION]);
  const proof = await certificate(demo, { camera: short.id, ...gone });
  assert.equal(proof.result, 'verified', JSON.stringify(proof));
  assert.ok(proof.facts.destroyed >= 1, JSON.stringify(proof));

  // Yesterday nothing was recorded yet: nothing of it was ever destroyed, and the letter does not say so.
  const before = { fromMs: recorded.fromMs - 86_400_000, toMs: recorded.toMs - 86_400_000 };
  const early = await request.receive(officer, { ...asks, cameras: ['시청 본관 1'], ...before, found: /영상 없음/ });
  await request.read(officer, early.number);
  await request.identify(officer, '주민등록증을 봄');
  await request.read(manager, early.number);
  await request.decide(manager, '남은 영상 없음');
  const never = await request.letter(manager, '부존재(남은 영상 없음) 통지서', { number: early.number, documentNumber: '행정지원과-2026-902' });
  assert.match(never, /보관 기간이 끝나지 않았으나 그 시간의 영상이 없음/);
  assert.doesNotMatch(never, /증명서/);
  await request.answer(manager, '알림');
  ended(early.number, { '결정 (일시·담당자)': /남은 영상 없음/ }, [NO_AGENT, NO_GROUND, NO_OBJECTION]);

  // The control: that nothing is kept is not taken while something is, and the page says so in words.
  const kept = await request.receive(officer, { ...asks, ...span('시청 본관 1') });
  await request.read(officer, kept.number);
  await request.identify(officer, '주민등록증을 봄');
  await request.read(manager, kept.number);
  await manager.getByRole('button', { name: '결정', exact: true }).click();
  const dialog = manager.getByRole('dialog');
  await dialog.getByRole('radio', { name: '남은 영상 없음' }).check();
  await dialog.getByRole('button', { name: '결정하기' }).click();
  assert.match(await dialog.getByRole('alert').innerText(), /그 시간의 영상이 남아 있습니다/);
  await manager.keyboard.press('Escape');
  assert.match(await (await request.row(manager, kept.number)).innerText(), /결정 전/);
  await request.read(manager, kept.number);
  await request.decide(manager, '청구대로');
  await request.answer(manager, '보여 줌');
  ended(kept.number, { '결정 (일시·담당자)': /청구대로/ }, [NO_AGENT, NO_GROUND, NO_OBJECTION]);
});

/** The cards of what is held for a request. */
async function heldFor(page, number) {
  await toPage(page, '보전', '청구');
  await toPage(page, '보전', '보전');
  await page.locator('#active').waitFor();
  return page.getByRole('article').filter({ has: page.getByRole('heading', { name: `청구 ${number}`, exact: true }) });
}

test('10 two people on the same minute: two holds, and one that ends lets nothing go', async () => {
  const asks = { asks: ['열람'], reason: '본관 앞에서 부딪힘. 남색 교복', channel: '창구', ...span('시청 본관 2') };
  const first = await request.receive(officer, { ...asks, requester: { name: '임서윤', phone: '010-1010-0001' } });
  const second = await request.receive(officer, { ...asks, requester: { name: '조하준', phone: '010-1010-0002' } });
  for (const { number } of [first, second]) assert.equal(await (await heldFor(manager, number)).count(), 1);
  // What holds it leads to the case.
  await (await heldFor(manager, second.number)).getByRole('link', { name: `청구 ${second.number} 보기` }).click();
  await manager.getByRole('heading', { level: 1, name: `청구 ${second.number}` }).waitFor();
  await request.read(officer, first.number);
  await request.withdraw(officer, '보험사와 이야기가 되어 거둠');
  assert.match(await (await request.row(officer, first.number)).innerText(), /취하됨[\s\S]*해제됨/);
  assert.equal(await (await heldFor(manager, first.number)).count(), 0);
  assert.match(await (await heldFor(manager, second.number)).innerText(), /6일 남음[\s\S]*시청 본관 2/);
  assert.match(await (await request.row(manager, second.number)).innerText(), /보전 중/);
  await request.read(officer, second.number);
  await request.identify(officer, '학생증과 여권을 봄');
  await request.read(manager, second.number);
  await request.decide(manager, '청구대로');
  await request.letter(manager, '열람 통지서', { number: second.number, documentNumber: '행정지원과-2026-1001', viewing });
  await request.answer(manager, '보여 줌');
  const over = ['본인 확인', '결정 (일시·담당자)', '통지 (일시·담당자)'];
  filed.requests.push({ number: first.number, says: { '처리 상태': /^취하됨$/ }, empty: [...over, NO_AGENT, NO_GROUND, NO_OBJECTION, '사본 교부 내용·사유'] });
  ended(second.number, { '청구인 성명·연락처': /조하준/ }, [NO_AGENT, NO_GROUND, NO_OBJECTION]);
});

test('11 an officer on leave: the rota lets her deputy in and not her, and her case goes on', async () => {
  const { number } = await request.receive(officer, {
    requester: { name: '신유나', phone: '010-1212-0011' },
    asks: ['존재확인'],
    reason: '주차장에서 유모차를 잃음. 하늘색',
    channel: '창구',
    ...span('시청 주차장 1'),
  });
  const [now, hour] = [Date.now(), 3_600_000];
  await onDuty(manager, OFFICER, [{ fromMs: now + 7 * 24 * hour, toMs: now + 8 * 24 * hour }]);
  await onDuty(manager, DEPUTY, [{ fromMs: now - hour, toMs: now + 8 * hour }]);
  assert.match(await (await accountRow(manager, OFFICER)).innerText(), /당번 아님[\s\S]*당번 1번/);
  assert.match(await (await accountRow(manager, DEPUTY)).innerText(), /이서연 대행[\s\S]*사용 중[\s\S]*당번 1번/);
  // What she had open is closed, and her password lets her in no more; she is told why.
  const leave = await open(new URL('/', demo.contract.links.manager).href, { zone: ZONE });
  await leave.getByLabel('이름').fill('seoyeon');
  await leave.getByLabel('비밀번호').fill(PASSWORD);
  await leave.getByRole('button', { name: '로그인', exact: true }).click();
  assert.match(await leave.getByRole('alert').innerText(), /당번/);
  await officer.getByRole('button', { name: '로그인', exact: true }).waitFor({ timeout: 30_000 });

  await request.read(deputy, number);
  await request.identify(deputy, '주민등록증을 봄');
  await request.decide(deputy, '청구대로');
  await request.letter(deputy, '존재확인 결과 통지서', { number, documentNumber: '시민안전과-2026-1101' });
  await request.answer(deputy, '알림');
  assert.match(await deputy.getByRole('main').innerText(), /접수[\s\S]*이서연[\s\S]*결정: 청구대로[\s\S]*박지훈/);
  await onDuty(manager, OFFICER, []);
  await comeBack(officer, 'seoyeon');
  assert.match(await (await request.row(officer, number)).innerText(), /끝남: 청구대로/);
  ended(number, { '접수 담당자': /이서연/, '본인 확인': /박지훈/, '결정 (일시·담당자)': /박지훈/ }, [NO_AGENT, NO_GROUND, NO_OBJECTION]);
});

/** A row says what it must, and nothing is empty that may not be. */
function whole(row, { number, says, empty }) {
  for (const [column, words] of Object.entries(says)) assert.match(row[column] ?? '(no such column)', words, `${number}: ${column}`);
  assert.deepEqual(emptyFields(row).toSorted(), empty.toSorted(), `${number}: empty fields`);
}

test('the registers have every case, with its fields', async () => {
  const requests = await register(manager, '열람 등 청구 처리대장');
  assert.equal(requests.length, filed.requests.length);
  assert.ok(filed.requests.length >= 12, 'every case was filed');
  for (const each of filed.requests) whole(the(requests, '접수번호', each.number), each);
  const disclosures = await register(manager, '목적 외 이용·제3자 제공 대장');
  assert.equal(disclosures.length, filed.disclosures.length);
  assert.equal(filed.disclosures.length, 3);
  for (const each of filed.disclosures) whole(the(disclosures, '접수번호', each.number), each);

  // The register of the footage itself: what was played, asked for, given and destroyed.
  const video = await register(manager, '개인영상정보 관리대장');
  const of = (kind) => video.filter((row) => row['구분'] === kind);
  assert.match(of('이용')[0]['목적·사유'], new RegExp(`정보주체 청구: ${filed.requests[0].number}`));
  assert.match(of('이용')[0]['기간 (실제로 보인 영상)'], /시청 주차장 1/);
  const decided = filed.requests.filter(({ says }) => !says['처리 상태'].test('취하됨')).length;
  assert.equal(of('열람 등').length, decided + 1, 'each decision, and the one on the objection');
  assert.equal(of('제공').length, 2, 'what was refused is not given');
  assert.ok(of('파기').some((row) => row['영상 파일 (카메라·시간)'].includes(short.name)), 'what ran out');

  const rights = await register(manager, '접근 권한 부여·변경·말소 대장');
  for (const name of [OFFICER, DEPUTY]) assert.ok(rights.some((row) => Object.values(row).some((text) => text.includes(name))), name);
  const destroyed = await register(manager, '개인영상정보 파기 관리대장');
  assert.ok(destroyed.some((row) => Object.values(row).some((text) => text.includes(short.name))));
});

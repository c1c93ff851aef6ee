// Requests of persons who were filmed: received by one, decided by another, and read only by who says so.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { goOn, receiveRequest } from '../../dev/requests.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => Object.assign(world, { requests: [], holds: [], broken: [], emptied: [] }));
world.accounts.push({ ...world.accounts[0], id: '0d4f8a52-43a5-4a0c-a3b7-8d1f0a8c9e11', name: 'inspector', display_name: '윤점검', roles: ['inspector'] });

const DAY_MS = 86_400_000;
/** Days are those of Korea. */
const KOREA_AHEAD_MS = 9 * 3_600_000;
const person = (name) => world.accounts.find((account) => account.name === name);
const minuteAgo = (hours) => Math.floor((Date.now() - hours * 3_600_000) / 60_000) * 60_000;
const iso = (ms) => new Date(ms).toISOString();
const field = (ms) => iso(ms).slice(0, 16);

/** A request that the officer received so many days ago. */
function request(daysAgo = 0, more = {}, isIdentified = false) {
  const requester = { name: '홍청구', phone: '010-0000-0000', born: '1980-01-31', address: '' };
  const form = { requester, agent: null, asks: ['existence', 'viewing'], cameras: [world.cameras[0].id], from: iso(minuteAgo(3)), until: iso(minuteAgo(2.5)), reason: '정문에서 넘어짐', channel: 'counter', ...more };
  const made = receiveRequest(world, person('officer'), form);
  if (isIdentified) goOn(world, person('officer'), made, 'identified');
  made.atMs -= daysAgo * DAY_MS;
  if (made.hold) made.hold.untilMs -= daysAgo * DAY_MS;
  return made;
}

async function as(name, options = {}, place = '') {
  const page = await open(`${mock.address}/#/requests${place}`, { zone: 'UTC', ...options });
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { level: 1, name: /^(청구|Request)/ }).waitFor();
  return page;
}

const dialog = (page) => page.getByRole('dialog');
const region = (page, name) => page.getByRole('region', { name });
const rows = (page) => region(page, '처리할 청구').getByRole('row');
const reading = () => world.entries.filter(({ entry }) => entry.action === 'request.read').length;
const readIt = (page) => page.getByRole('button', { name: '읽고 처리하기' }).click();

async function fill(page) {
  await page.getByRole('button', { name: '청구서 접수' }).click();
  await dialog(page).getByLabel('성명').fill('홍청구');
  await dialog(page).getByLabel('연락처').fill('010-0000-0000');
  await dialog(page).getByRole('checkbox', { name: '열람' }).check();
  await dialog(page).getByRole('checkbox', { name: '로비' }).check();
  await dialog(page).getByLabel('영상 시작').fill(field(minuteAgo(3)));
  await dialog(page).getByLabel('영상 끝').fill(field(minuteAgo(2.5)));
  await dialog(page).getByLabel('목적과 사유').fill('로비에서 가방을 잃어버림, 빨간 외투');
  await dialog(page).getByRole('radio', { name: '창구' }).check();
}

const send = (page) => dialog(page).getByRole('button', { name: '접수하고 보전하기' }).click();

test('one receives and checks who asks, another decides, and the answer ends it', async () => {
  const page = await as('officer');
  await page.getByText('처리할 청구가 없습니다').waitFor();
  await fill(page);
  await dialog(page).getByText('곧바로 보전되고').waitFor();
  await send(page);
  const told = page.getByRole('status').filter({ hasText: `접수번호 ${world.requests[0].id}` });
  assert.match(await told.innerText(), /영상을 .*까지.* 보전합니다/);
  assert.ok(await told.evaluate((element) => element === document.activeElement), 'it is read out');
  assert.equal(world.requests[0].form.agent, null, 'no agent unless one was chosen');
  assert.equal(world.holds.length, 1);
  assert.equal(reading(), 0, 'who has just written it does not read it');

  await page.getByRole('button', { name: '본인 확인' }).click();
  await dialog(page).getByText('신분증 번호, 주민등록번호를 적지 마십시오').waitFor();
  await dialog(page).getByRole('button', { name: '확인했음' }).click();
  await page.getByText('이 청구는 직접 접수하셨으므로 결정할 수 없습니다').waitFor();
  assert.equal(await page.getByRole('button', { name: '결정', exact: true }).count(), 0);

  const other = await as('manager', {}, `?number=${world.requests[0].id}`);
  await other.getByText('읽은 사람과 때가 원장에 남습니다').waitFor();
  assert.equal((await other.locator('main').innerText()).includes('홍청구'), false, 'no name before it is read');
  assert.equal(reading(), 0);
  await readIt(other);
  await other.getByText('빨간 외투').waitFor();
  assert.equal(reading(), 1);
  assert.match(await region(other, '지금까지').innerText(), /접수[\s\S]*정유진[\s\S]*본인 확인[\s\S]*정유진/);
  await other.getByRole('button', { name: '결정', exact: true }).click();
  await dialog(other).getByRole('radio', { name: '청구대로' }).check();
  await dialog(other).getByRole('button', { name: '결정하기' }).click();
  await other.getByRole('status').filter({ hasText: '결정을 기록했습니다: 청구대로' }).waitFor();
  const [{ steps, hold }] = world.requests;
  assert.deepEqual(steps.map((step) => [step.step, step.by.name]), [['identified', 'officer'], ['decided', 'manager']]);
  assert.ok(Math.abs(hold.untilMs - Date.now() - 30 * DAY_MS) < 60_000);

  await page.getByText('그 사이 다른 사람이 이 청구를 진행했습니다').waitFor();
  await other.getByRole('button', { name: '통지', exact: true }).click();
  await dialog(other).getByRole('button', { name: '알렸음' }).click();
  await region(other, '더 할 일이 없습니다').waitFor();
  await other.getByRole('link', { name: '청구 목록' }).click();
  await other.getByText('처리할 청구가 없습니다').waitFor();
  await other.getByText('끝난 청구').click();
  assert.match(await other.locator('details').innerText(), /끝남: 청구대로/);
});

test('a refusal needs a ground of the law and its facts; that others appear is none', async () => {
  const made = request(0, {}, true);
  const page = await as('manager', {}, `?number=${made.id}`);
  await readIt(page);
  await page.getByRole('button', { name: '결정', exact: true }).click();
  await dialog(page).getByRole('radio', { name: '거절', exact: true }).check();
  const decide = dialog(page).getByRole('button', { name: '결정하기' });
  assert.ok(await decide.isDisabled(), 'nothing is written');
  assert.equal(await dialog(page).getByRole('radio', { name: /다른 사람이 함께|경찰/ }).count(), 0);
  await dialog(page).getByLabel('그 사유가 되는 사실').fill('법령에 따른 비밀');
  await decide.click();
  assert.equal(made.steps.length, 1, 'the browser asks for the ground');
  await dialog(page).getByRole('radio', { name: /법률에 따라 열람이 금지되거나/ }).check();
  await decide.click();
  await page.getByRole('status').filter({ hasText: '결정을 기록했습니다: 거절' }).waitFor();
  assert.match(await region(page, '지금까지').innerText(), /결정: 거절[\s\S]*김하늘[\s\S]*개인정보 보호법 제35조제4항제1호[\s\S]*법령에 따른 비밀/);
});

test('postponed with reason and day; that nothing is kept is what the recorder finds', async () => {
  const made = request(0, {}, true);
  const page = await as('manager', {}, `?number=${made.id}`);
  await readIt(page);
  await page.getByRole('button', { name: '결정', exact: true }).click();
  await dialog(page).getByRole('radio', { name: '남은 영상 없음' }).check();
  await dialog(page).getByRole('button', { name: '결정하기' }).click();
  await dialog(page).getByRole('alert').filter({ hasText: '그 시간의 영상이 남아 있습니다' }).waitFor();
  await dialog(page).getByRole('radio', { name: '연기' }).check();
  await dialog(page).getByLabel('미루는 까닭').fill('영상 장치를 고치는 중');
  await dialog(page).getByLabel('까닭이 끝나는 날').fill(iso(Date.now() + KOREA_AHEAD_MS + 5 * DAY_MS).slice(0, 10));
  await dialog(page).getByRole('button', { name: '결정하기' }).click();
  await page.getByText('연기한 까닭이 끝나는 날부터 10일입니다').waitFor();
  assert.match(await region(page, '기한').innerText(), /15일 남음/);
  await page.getByRole('button', { name: '결정', exact: true }).waitFor();
});

test('the board has the most urgent first and the overdue marked in words, and no names', async () => {
  request(2);
  request(13, {}, true);
  request(0, { asks: ['deletion'] });
  Object.assign(request(1), { uncountable: true });
  request(8);
  const page = await as('manager');
  await rows(page).nth(4).waitFor();
  const texts = (await rows(page).allInnerTexts()).slice(1);
  assert.match(texts[0], /-2[\s\S]*기한 3일 지남[\s\S]*결정 전[\s\S]*정문[\s\S]*30분[\s\S]*보전 중/);
  assert.match(texts[1], /-1[\s\S]*8일 남음[\s\S]*본인 확인 전/);
  assert.match(texts[2], /-3[\s\S]*10일 남음[\s\S]*삭제[\s\S]*보전하지 않음\(삭제만 청구\)/);
  assert.match(texts[3], /-4[\s\S]*계산하지 못함/);
  assert.equal((await page.locator('main').innerText()).includes('홍청구'), false);
  await page.getByText('끝난 청구').click();
  assert.match(await page.locator('details').innerText(), /-5[\s\S]*본인 확인 없이 끝남[\s\S]*기한이 지나 끝남/);
  await page.getByRole('link', { name: `접수번호 ${world.requests[0].id} 보기` }).click();
  const days = await region(page, '기한').innerText();
  assert.match(days, /기한으로 씀[\s\S]*제157조·제159조\s[\s\S]*제161조[\s\S]*민원 처리에 관한 법률 제19조제2항/);
  assert.equal(days.match(/기한으로 씀/g).length, 1);
});

test('an agent is written only when one is chosen; what cannot be received says why', async () => {
  world.emptied = [world.cameras[1].id];
  const page = await as('officer');
  await fill(page);
  assert.equal(await dialog(page).getByLabel('청구인과의 관계').count(), 0);
  await dialog(page).getByRole('checkbox', { name: '대리인이 청구함' }).check();
  const agent = dialog(page).getByRole('group', { name: '대리인', exact: true });
  await agent.getByLabel('성명').fill('홍보호');
  await agent.getByLabel('연락처').fill('010-0000-0001');
  await agent.getByLabel('대리하는 근거').selectOption({ label: '법정대리인' });
  await agent.getByLabel('청구인과의 관계').fill('아버지');
  await dialog(page).getByLabel('영상 끝').fill(field(Date.now() + 1_800_000));
  await send(page);
  await dialog(page).getByRole('alert').filter({ hasText: '아직 지나지 않은' }).waitFor();
  assert.equal(world.requests.length, 0);
  await dialog(page).getByLabel('영상 끝').fill(field(minuteAgo(2.5)));
  await send(page);
  await page.getByRole('status').filter({ hasText: '보전한 영상은 없습니다' }).waitFor();
  assert.deepEqual([world.requests[0].form.agent.kind, world.requests[0].form.agent.relation], ['legal-representative', '아버지']);
  const text = await region(page, '청구 내용').innerText();
  assert.match(text, /보전하지 않음\(남은 영상 없음\)[\s\S]*남아 있지 않던 카메라: 로비[\s\S]*홍보호[\s\S]*법정대리인 · 관계: 아버지/);
});

test('it is taken back, and nothing is held for it any more', async () => {
  const made = request();
  const page = await as('officer', {}, `?number=${made.id}`);
  await readIt(page);
  await page.getByRole('button', { name: '취하' }).click();
  await dialog(page).getByRole('button', { name: '취하를 기록' }).click();
  await region(page, '더 할 일이 없습니다').waitFor();
  assert.ok(made.hold.released);
  assert.match(await region(page, '청구 내용').innerText(), /해제됨/);
});

test('the inspector sees the board and no more; an operator sees no page', async () => {
  const made = request();
  const page = await as('inspector');
  assert.equal(await page.getByRole('button', { name: '청구서 접수' }).count(), 0);
  await page.getByRole('link', { name: `접수번호 ${made.id} 보기` }).click();
  await page.getByText('담당자와 관리책임자만 읽습니다').waitFor();
  assert.equal(await page.getByRole('button', { name: '읽고 처리하기' }).count(), 0);
  const operator = await open(`${mock.address}/#/requests`);
  await signIn(operator, 'operator', PASSWORD);
  await operator.getByRole('link', { name: '재생' }).waitFor();
  assert.equal(await operator.getByRole('link', { name: '청구' }).count(), 0);
});

test('whoever takes over has not read it: who asks is gone from the page', async () => {
  const made = request();
  const page = await as('officer', {}, `?number=${made.id}`);
  await readIt(page);
  await page.getByText('홍청구').waitFor();
  await page.getByRole('button', { name: '교대' }).click();
  await dialog(page).getByLabel('나가는 사람').fill(PASSWORD);
  await dialog(page).getByLabel('들어오는 사람의 이름').fill('manager');
  await dialog(page).getByLabel('들어오는 사람의 비밀번호').fill(PASSWORD);
  await dialog(page).getByRole('button', { name: '교대하기' }).click();
  await page.getByRole('banner').getByText('김하늘').waitFor();
  await page.getByRole('button', { name: '읽고 처리하기' }).waitFor();
  assert.equal((await page.locator('main').innerText()).includes('홍청구'), false);
});

test('failing and forbidden are said, and reading is tried again', async () => {
  const made = request();
  world.broken = ['/requests'];
  const page = await as('officer');
  await page.getByRole('alert').filter({ hasText: '녹화기 내부에 문제가' }).waitFor();
  world.broken = [];
  await page.getByRole('button', { name: '다시 시도' }).click();
  await page.getByRole('link', { name: `접수번호 ${made.id} 보기` }).click();
  world.broken = [`/requests/${made.id}`];
  await readIt(page);
  await page.getByRole('alert').filter({ hasText: '녹화기 내부에 문제가' }).waitFor();
  world.broken = [];
  await readIt(page);
  await page.getByText('홍청구').waitFor();
  const account = person('officer');
  account.roles = ['operator'];
  await page.getByRole('button', { name: '본인 확인' }).click();
  await dialog(page).getByRole('button', { name: '확인했음' }).click();
  await dialog(page).getByRole('alert').filter({ hasText: '맡은 역할로는 할 수 없는 일입니다' }).waitFor();
  account.roles = ['officer'];
  const lost = await as('officer').then(async (other) => {
    await other.goto(`${mock.address}/#/requests?number=2020-9`);
    return other;
  });
  await lost.getByText('접수번호 2020-9인 청구가 없습니다').waitFor();
});

test('the keyboard alone opens a request, reads it, and enters that identity was checked', async () => {
  const made = request();
  const page = await as('officer');
  await page.getByRole('link', { name: `접수번호 ${made.id} 보기` }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '읽고 처리하기' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '다음 할 일: 본인 확인' }).waitFor();
  await page.waitForFunction(() => document.activeElement.id === 'next');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), '본인 확인');
});

test('what was granted to be deleted is answered when the recorder keeps nothing of it', async () => {
  const made = request(0, { asks: ['deletion'] }, true);
  goOn(world, person('manager'), made, 'decided', { decision: 'granted' });
  const { id, name } = world.cameras[0];
  made.deletion = { kept: [{ id, name }] };
  const page = await as('officer', { viewport: DESK }, `?number=${made.id}`);
  await readIt(page);
  await page.getByText(`아직 남아 있습니다: ${name}`, { exact: false }).waitFor();
  const answer = page.getByRole('button', { name: '통지', exact: true });
  assert.ok(await answer.isDisabled(), 'nobody enters what the recorder does not find');
  assert.equal(await page.getByRole('link', { name: '승인 화면' }).getAttribute('href'), '#/approvals');
  made.deletion = { kept: [] };
  await page.reload();
  await readIt(page);
  await page.getByText('모두 파기되었습니다', { exact: false }).waitFor();
  assert.ok(await answer.isEnabled());
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`board, forms and case are accessible and fit at ${size}, in both languages`, async () => {
    const agent = { kind: 'power-of-attorney', person: { name: '홍대리', phone: '010-0000-0002', born: null, address: '' }, relation: '배우자' };
    request(13, {}, true);
    request(0, { agent, asks: ['existence', 'viewing', 'deletion'] }, true);
    request(8);
    for (const language of ['ko', 'en']) {
      const page = await as('manager', { viewport, language });
      const fits = async (where) => {
        await sound(page, `${where} in ${language}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= viewport.width, `${where} is ${wide} px wide in ${language}`);
      };
      await page.locator('details summary').click();
      await fits('the board');
      await page.getByRole('button', { name: /^(청구서 접수|Receive a request)$/ }).click();
      await dialog(page).getByRole('checkbox', { name: /^(대리인이 청구함|An agent asks)$/ }).check();
      await fits('receiving');
      await page.keyboard.press('Escape');
      await page.evaluate((id) => (location.hash = `#/requests?number=${id}`), world.requests[1].id);
      const read = page.getByRole('button', { name: /^(읽고 처리하기|Read and work on it)/ });
      await read.waitFor();
      await fits('a case before it is read');
      await read.click();
      await page.getByText('홍청구').waitFor();
      await fits('a case');
      await page.getByRole('button', { name: /^(결정|Decide)$/ }).click();
      await dialog(page).getByRole('radio', { name: /^(일부 거절|Refused in part)$/ }).check();
      await fits('deciding');
      await dialog(page).getByRole('radio', { name: /^(연기|Postponed)$/ }).check();
      await fits('postponing');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^(취하|Withdraw)$/ }).click();
      await fits('withdrawing');
    }
  });
}

/** A request that the officer received and the manager refused, and that was told. */
function refusedRequest() {
  const made = request(0, {}, true);
  goOn(world, person('manager'), made, 'decided', { decision: 'refused', ground: 'refusal-act-1', text: '대기실이 찍힘' });
  goOn(world, person('officer'), made, 'done');
  return made;
}

const today = () => iso(Date.now() + KOREA_AHEAD_MS).slice(0, 10);

test('of two who decided enters the objection and the other decides it', async () => {
  const made = refusedRequest();
  const receiver = await as('officer', {}, `?number=${made.id}`);
  await readIt(receiver);
  await receiver.getByText('직접 접수하시면 결정할 사람이 남지 않습니다').waitFor();
  assert.equal(await receiver.getByRole('button', { name: '이의신청 접수' }).count(), 0);

  const page = await as('manager', { viewport: DESK }, `?number=${made.id}`);
  await readIt(page);
  await page.getByText('통지한 날부터 30일').waitFor();
  await page.getByRole('button', { name: '이의신청 접수' }).click();
  const enter = dialog(page).getByRole('button', { name: '이의신청 접수하기' });
  assert.ok(await enter.isDisabled(), 'it says nothing yet');
  await dialog(page).getByLabel('이의의 내용').fill('대기실은 찍히지 않는 자리였음');
  await sound(page);
  await enter.click();
  await page.getByRole('status').filter({ hasText: '이의신청을 접수했습니다' }).waitFor();
  assert.equal(made.steps.at(-1).on, today());
  assert.ok(Math.abs(made.hold.untilMs - Date.now() - 90 * DAY_MS) < 60_000, 'held until it is decided');
  await page.getByText('스스로 한 결정이므로 결정할 수 없습니다').waitFor();
  assert.equal(await page.getByRole('button', { name: '결정', exact: true }).count(), 0);
  assert.match(await region(page, '기한').innerText(), /14일 남음[\s\S]*행정기본법 제36조제2항/);

  const other = await as('officer', { viewport: POCKET });
  await rows(other).nth(1).waitFor();
  const board = await region(other, '처리할 청구').innerText();
  assert.match(board, /14일 남음[\s\S]*이의신청 결정 전: 거절/);
  assert.equal(board.includes('대기실'), false, 'no words on the board');
  await other.getByRole('link', { name: `접수번호 ${made.id} 보기` }).click();
  await readIt(other);
  await other.getByText('대기실은 찍히지 않는 자리였음').waitFor();
  await other.getByRole('button', { name: '결정', exact: true }).click();
  await dialog(other).getByRole('radio', { name: '연기' }).check();
  await dialog(other).getByLabel('미루는 까닭').fill('담당자 병가');
  await dialog(other).getByLabel('연장하는 날').fill(iso(Date.now() + KOREA_AHEAD_MS + 20 * DAY_MS).slice(0, 10));
  await dialog(other).getByRole('button', { name: '결정하기' }).click();
  await region(other, '지금까지').getByText('이의신청 기한 연장').waitFor();
  assert.match(await region(other, '기한').innerText(), /20일 남음/);
  await other.getByRole('button', { name: '결정', exact: true }).click();
  assert.equal(await dialog(other).getByRole('radio', { name: '연기' }).count(), 0, 'extended once');
  await dialog(other).getByRole('radio', { name: '청구대로' }).check();
  await dialog(other).getByRole('button', { name: '결정하기' }).click();
  await region(other, '지금까지').getByText('이의신청 결정: 청구대로').waitFor();
  assert.equal(await other.getByText('이의신청은').count(), 0, 'nobody objects to what was granted');
});

test('where there is a third, neither who received nor who entered it decides an objection', async () => {
  const third = { ...person('officer'), id: '1d4f8a52-43a5-4a0c-a3b7-8d1f0a8c9e12', name: 'third', display_name: '최세번' };
  world.accounts.push(third);
  try {
    const made = refusedRequest();
    goOn(world, person('manager'), made, 'objected', { text: '다시 보아 주십시오', on: today() });
    const page = await as('officer', {}, `?number=${made.id}`);
    await readIt(page);
    await page.getByText('접수도 결정도 하지 않은 사람이 있으므로').waitFor();
    assert.equal(await page.getByRole('button', { name: '결정', exact: true }).count(), 0);
    // The control: the third.
    const other = await as('third', {}, `?number=${made.id}`);
    await readIt(other);
    await other.getByRole('button', { name: '결정', exact: true }).waitFor();
    await page.getByRole('button', { name: '취하' }).click();
    await dialog(page).getByRole('heading', { name: /이의신청 취하/ }).waitFor();
    await dialog(page).getByRole('button', { name: '취하를 기록' }).click();
    await region(page, '더 할 일이 없습니다').waitFor();
    assert.ok(!made.hold.released, 'what was decided stands, and its hold');
  } finally {
    world.accounts.splice(world.accounts.indexOf(third), 1);
  }
});

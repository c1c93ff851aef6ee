// Disclosures to other bodies: received by one and decided by another, or granted alone and looked at by
// another afterwards; and read only by who says so.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { goOn, GROUNDS, receiveDisclosure } from '../../dev/disclosures.mjs';
import { startMock } from '../../dev/mock.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => Object.assign(world, { disclosures: [], holds: [], broken: [], emptied: [] }));
world.accounts.push({ ...world.accounts[0], id: '0d4f8a52-43a5-4a0c-a3b7-8d1f0a8c9e12', name: 'inspector', display_name: '윤점검', roles: ['inspector'] });

const DAY_MS = 86_400_000;
/** Days are those of Korea, wherever browser and machine stand. */
const koreanDay = (daysAhead = 0) => iso(Date.now() + 9 * 3_600_000 + daysAhead * DAY_MS).slice(0, 10);
const person = (name) => world.accounts.find((account) => account.name === name);
const minuteAgo = (hours) => Math.floor((Date.now() - hours * 3_600_000) / 60_000) * 60_000;
const iso = (ms) => new Date(ms).toISOString();
/** What a field of day and minute takes in the browser, whose clock is that of Korea. */
const field = (ms) => iso(ms + 9 * 3_600_000).slice(0, 16);
const WARRANT = { compelled_by: 'warrant', by: '김하늘 관리책임자', how: 'telephone', at: iso(minuteAgo(1)) };

/** One that the officer received just now, under the ground of an investigation. */
function disclosure(more = {}) {
  const form = { kind: 'provision', body: '가나경찰서 형사과', officer: '나형사 경위', phone: '010-0000-0000', document: '형사과-2026-331', ground: 'provision-7', basis: '2026-001234', purpose: '정문 앞 폭행의 수사', cameras: [world.cameras[0].id], from: iso(minuteAgo(3)), until: iso(minuteAgo(2.5)), conditions: '수사에만 쓰고 파기할 것', use_until: koreanDay(20), ...more };
  return receiveDisclosure(world, person('officer'), form);
}

async function as(name, options = {}, place = '') {
  const page = await open(`${mock.address}/#/disclosures${place}`, { zone: 'Asia/Seoul', ...options });
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { level: 1, name: /^(제공|Disclosure)/ }).waitFor();
  return page;
}

const dialog = (page) => page.getByRole('dialog');
const region = (page, name) => page.getByRole('region', { name });
const rows = (page) => region(page, '처리할 건').getByRole('row');
const reading = () => world.entries.filter(({ entry }) => entry.action === 'disclosure.read').length;
const readIt = (page) => page.getByRole('button', { name: '읽고 처리하기' }).click();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const told = (page, hasText) => page.getByRole('status').filter({ hasText }).waitFor();
const ground = (page, name) => dialog(page).getByRole('radio', { name }).check();

/** The form as the police's paper has it, but for its ground. */
async function fill(page) {
  await press(page, '요청 접수');
  await dialog(page).getByLabel('요청한 기관').fill('가나경찰서 형사과');
  await dialog(page).getByLabel('온 사람').fill('나형사 경위');
  await dialog(page).getByLabel('전화번호').fill('010-0000-0000');
  await dialog(page).getByLabel('공문 또는 영장 번호').fill('형사과-2026-331');
  await dialog(page).getByRole('textbox', { name: /^목적/ }).fill('로비 절도의 수사');
  await dialog(page).getByRole('checkbox', { name: '로비' }).check();
  await dialog(page).getByLabel('영상 시작').fill(field(minuteAgo(3)));
  await dialog(page).getByLabel('영상 끝').fill(field(minuteAgo(2.5)));
  await dialog(page).getByLabel('요구할 사항').fill('수사에만 쓰고 파기할 것');
  await dialog(page).getByLabel('이용 기한').fill(koreanDay(30));
}

const send = (page) => press(dialog(page), '접수하고 보전하기');

test('a request of the police is refused to its receiver, decided by another, given and reported', async () => {
  const page = await as('officer');
  await page.getByText('처리할 건이 없습니다').waitFor();
  await fill(page);
  await ground(page, /범죄의 수사와 공소/);
  await dialog(page).getByLabel('수사 또는 공소의 사건번호').fill('2026-001234');
  await send(page);
  const strip = page.getByRole('status').filter({ hasText: '영상을 ' });
  await strip.waitFor();
  assert.ok(await strip.evaluate((element) => element === document.activeElement), 'it is read out');
  const [made] = world.disclosures;
  assert.deepEqual([made.form.ground, made.form.basis, made.form.use_until], ['provision-7', '2026-001234', koreanDay(30)]);
  assert.ok(Math.abs(Date.parse(made.form.from) - minuteAgo(3)) <= 60_000, 'the field has the time of Korea');
  assert.equal(world.holds.length, 1);
  assert.equal(reading(), 0, 'who has just written it does not read it');
  await page.getByText('직접 접수하셨으므로 결정할 수 없습니다').waitFor();
  assert.equal(await page.getByRole('button', { name: '결정', exact: true }).count(), 0);

  const other = await as('manager', {}, `?number=${made.id}`);
  await other.getByText('읽은 사람과 때가 원장에 남습니다').waitFor();
  assert.doesNotMatch(await other.locator('main').innerText(), /가나경찰서|001234/, 'no name before it is read');
  assert.equal(reading(), 0);
  await readIt(other);
  await other.getByText('나형사 경위').waitFor();
  assert.equal(reading(), 1);
  assert.match(await region(other, '요청 내용').innerText(), /가나경찰서 형사과[\s\S]*형사과-2026-331[\s\S]*개인정보 보호법 제18조제2항제7호[\s\S]*사건번호: 2026-001234[\s\S]*로비 절도/);
  await press(other, '결정');
  await dialog(other).getByRole('radio', { name: '제공하기로 함' }).check();
  await press(dialog(other), '결정하기');
  await told(other, '결정을 기록했습니다: 제공하기로 함');
  await page.getByText('그 사이 다른 사람이 이 건을 진행했습니다').waitFor();
  await press(other, '제공 적기');
  await press(dialog(other), '제공했음');
  await told(other, '제공한 것을 기록했습니다');
  assert.deepEqual(made.steps.map((step) => [step.step, step.by.name]), [['decided', 'manager'], ['provided', 'manager']]);
  assert.ok(made.hold.released, 'nothing is held any more');
  assert.match(await region(other, '다음 할 일: 통보').innerText(), new RegExp(`통보[\\s\\S]*30일 남음[\\s\\S]*${koreanDay(30)}까지`));
  assert.equal(await other.getByRole('button', { name: '게재 적기' }).count(), 0, 'an investigation is not published');
  await press(other, '통보 적기');
  await dialog(other).getByLabel('받은 쪽이 한 일').fill('파기 확인서 제31호');
  await press(dialog(other), '통보를 기록');
  await region(other, '더 할 일이 없습니다').waitFor();
  assert.match(await region(other, '지금까지').innerText(), /접수[\s\S]*정유진[\s\S]*결정: 제공하기로 함[\s\S]*김하늘[\s\S]*제공[\s\S]*통보[\s\S]*파기 확인서/);
});

test('a warrant at night: granted by one alone, and reviewed by another', async () => {
  const page = await as('officer');
  await fill(page);
  await ground(page, /다른 법률의 특별한 규정/);
  await dialog(page).getByLabel('법률과 조문').fill('형사소송법 제215조, 영장번호 2026-1');
  await send(page);
  await press(page, '긴급: 혼자 결정');
  await dialog(page).getByRole('radio', { name: '영장' }).check();
  await dialog(page).getByLabel('확인한 사람').fill('김하늘 관리책임자');
  await dialog(page).getByRole('radio', { name: '전화' }).check();
  await dialog(page).getByLabel('확인한 때').fill(field(minuteAgo(25)));
  await press(dialog(page), '혼자 결정하기');
  await dialog(page).getByRole('alert').filter({ hasText: '지난 24시간 안' }).waitFor();
  const [made] = world.disclosures;
  assert.equal(made.steps.length, 0, 'yesterday’s word is not enough');
  const at = minuteAgo(0.2);
  await dialog(page).getByLabel('확인한 때').fill(field(at));
  await press(dialog(page), '혼자 결정하기');
  await told(page, '혼자 결정한 것을 기록했습니다');
  assert.deepEqual(made.steps[0].confirmation, { ...WARRANT, at: iso(at) });
  await press(page, '제공 적기');
  await dialog(page).getByLabel('남길 말').fill('사본을 넘김');
  await press(dialog(page), '제공했음');
  await page.getByText('직접 혼자 결정하셨으므로 검토할 수 없습니다').waitFor();
  assert.equal(await page.getByRole('button', { name: '검토 적기' }).count(), 0);
  assert.equal(made.hold.released, null, 'it is held until it is reviewed');

  const other = await as('manager');
  await rows(other).filter({ hasText: made.id }).filter({ hasText: '혼자 결정한 건' }).filter({ hasText: '검토' }).waitFor();
  await other.getByRole('link', { name: `접수번호 ${made.id} 보기` }).click();
  await readIt(other);
  assert.match(await region(other, '지금까지').innerText(), /긴급 결정\(혼자\)[\s\S]*정유진[\s\S]*영장\. 김하늘 관리책임자, 전화로 \d{4}-\d\d-\d\d \d\d:\d\d 확인/);
  await press(other, '검토 적기');
  await press(dialog(other), '검토를 기록');
  assert.equal(made.steps.length, 2, 'the browser asks what was found');
  await dialog(other).getByLabel('살펴본 것과 판단').fill('   ');
  await press(dialog(other), '검토를 기록');
  assert.equal(made.steps.length, 2, 'blanks are nothing');
  await dialog(other).getByLabel('살펴본 것과 판단').fill('영장 원본을 봄, 적정함');
  await press(dialog(other), '검토를 기록');
  await told(other, '검토한 것을 기록했습니다');
  assert.deepEqual([made.steps[2].step, made.steps[2].by.name], ['reviewed', 'manager']);
  assert.ok(made.hold.released);
});

test('the field under the ground is the one that the ground asks for', async () => {
  const page = await as('officer');
  await press(page, '요청 접수');
  await dialog(page).getByText('근거를 고르면 함께 적을 것이').waitFor();
  const part = dialog(page).getByRole('group', { name: '근거' });
  assert.equal(await part.getByRole('textbox').count(), 0);
  assert.equal(await part.getByRole('radio').count(), GROUNDS.length);
  const asked = [];
  for (const { ko } of GROUNDS) {
    await part.getByRole('radio', { name: ko }).check();
    assert.equal(await part.getByRole('textbox').count(), 1);
    asked.push(await part.locator('label').filter({ has: page.getByRole('textbox') }).innerText());
  }
  assert.equal(new Set(asked).size, GROUNDS.length, 'each asks for something else');
  for (const text of asked) assert.match(text, /예:/);
  await ground(page, /법원의 재판업무/);
  await part.getByLabel('법원과 사건번호').fill('○○지방법원 2026가합1234');
  await ground(page, /정보주체의 별도 동의/);
  assert.equal(await part.getByLabel('누구의 별도 동의인지').inputValue(), '', 'a case number is no consent');
  await ground(page, /법원의 재판업무/);
  assert.equal(await part.getByLabel('법원과 사건번호').inputValue(), '○○지방법원 2026가합1234');
});

test('our own use asks nothing of a recipient; what lies ahead is not received', async () => {
  world.emptied = [world.cameras[1].id];
  const page = await as('manager');
  await fill(page);
  await ground(page, /급박한 생명/);
  await dialog(page).getByLabel('누구에게 어떤 위험이').fill('길을 잃은 어린이');
  await dialog(page).getByRole('radio', { name: '우리 기관의 목적 외 이용' }).check();
  assert.equal(await dialog(page).getByLabel(/요구할 사항|이용 기한/).count(), 0);
  assert.equal(await dialog(page).getByLabel('쓰려는 부서').inputValue(), '가나경찰서 형사과');
  await dialog(page).getByLabel('쓰려는 부서').fill('안전총괄과');
  await dialog(page).getByLabel('영상 끝').fill(field(Date.now() + 1_800_000));
  await send(page);
  await dialog(page).getByRole('alert').filter({ hasText: '아직 지나지 않은' }).waitFor();
  assert.equal(world.disclosures.length, 0);
  await dialog(page).getByLabel('영상 끝').fill(field(minuteAgo(2.5)));
  await send(page);
  await told(page, '보전한 영상은 없습니다');
  const [{ form }] = world.disclosures;
  assert.deepEqual([form.kind, form.body, form.conditions, form.use_until], ['own-use', '안전총괄과', '', null]);
  assert.match(await region(page, '요청 내용').innerText(), /목적 외 이용[\s\S]*안전총괄과[\s\S]*남은 영상 없음[\s\S]*남아 있지 않던 카메라: 로비/);
});

for (const zone of ['UTC', 'Asia/Seoul']) {
  test(`a publication of less than ten days is not taken, by a clock of ${zone}`, async () => {
    const made = disclosure({ ground: 'provision-8', basis: '○○지방법원 2026가합1234' });
    goOn(world, person('manager'), made, 'decided', { granted: true });
    goOn(world, person('officer'), made, 'provided');
    const page = await as('officer', { zone }, `?number=${made.id}`);
    await readIt(page);
    await page.getByText('30일 남음').waitFor();
    await press(page, '게재 적기');
    await dialog(page).getByLabel('실은 곳').fill('누리집 공지 31번');
    assert.equal(await dialog(page).getByLabel('첫날').inputValue(), koreanDay());
    await dialog(page).getByLabel('마지막 날').fill(koreanDay(9));
    await dialog(page).getByText(`10일 이상 실어야 합니다: 마지막 날은 ${koreanDay(10)}부터입니다.`).waitFor();
    assert.ok(await dialog(page).getByRole('button', { name: '게재를 기록' }).isDisabled());
    await dialog(page).getByLabel('실은 곳').press('Enter');
    assert.equal(made.steps.length, 2);
    await dialog(page).getByLabel('마지막 날').fill(koreanDay(10));
    await press(dialog(page), '게재를 기록');
    await told(page, '게재한 것을 기록했습니다');
    assert.deepEqual([made.steps[2].published_from, made.steps[2].published_until], [koreanDay(), koreanDay(10)]);
    assert.match(await region(page, '지금까지').innerText(), new RegExp(`게재[\\s\\S]*${koreanDay()} – ${koreanDay(10)}[\\s\\S]*누리집 공지 31번`));
  });
}

test('a refusal has its reason, and lets go what was held', async () => {
  const made = disclosure();
  const page = await as('manager', {}, `?number=${made.id}`);
  await readIt(page);
  await press(page, '결정');
  await dialog(page).getByRole('radio', { name: '거절' }).check();
  await press(dialog(page), '결정하기');
  assert.equal(await dialog(page).getByLabel('거절하는 까닭').evaluate((field) => field.checkValidity()), false, 'the browser asks for the reason');
  assert.equal(made.steps.length, 0);
  await dialog(page).getByLabel('거절하는 까닭').fill('사건번호가 없음');
  await press(dialog(page), '결정하기');
  await told(page, '결정을 기록했습니다: 거절');
  assert.ok(made.hold.released);
  assert.match(await region(page, '지금까지').innerText(), /결정: 거절[\s\S]*사건번호가 없음/);
  await region(page, '더 할 일이 없습니다').waitFor();
});

test('it is taken back, and nothing is held; what was granted alone before owes nothing more', async () => {
  const made = disclosure();
  goOn(world, person('officer'), made, 'compelled', { confirmation: { ...WARRANT, at: iso(minuteAgo(1)) } });
  const page = await as('officer', {}, `?number=${made.id}`);
  await readIt(page);
  await press(page, '철회');
  await press(dialog(page), '철회를 기록');
  await region(page, '더 할 일이 없습니다').waitFor();
  assert.ok(made.hold.released);
  await page.getByRole('link', { name: '제공 목록' }).click();
  await page.getByText('처리할 건이 없습니다').waitFor();
  await page.getByText('끝난 건').click();
  assert.doesNotMatch(await page.locator('details').innerText(), /검토/);
});

test('the board has the most urgent first, the overdue in words, and does not say who asks', async () => {
  const grant = (made) => goOn(world, person('manager'), made, 'decided', { granted: true });
  const give = (made) => goOn(world, person('manager'), made, 'provided');
  disclosure();
  const late = disclosure({ use_until: koreanDay(3) });
  grant(late);
  give(late);
  late.form.use_until = koreanDay(-2);
  const trial = disclosure({ ground: 'provision-8' });
  grant(trial);
  give(trial);
  const uncounted = Object.assign(disclosure(), { uncountable: true });
  grant(uncounted);
  give(uncounted);
  goOn(world, person('manager'), disclosure(), 'decided', { granted: false, text: '근거가 맞지 않음' });
  const page = await as('manager');
  await rows(page).nth(4).waitFor();
  const texts = (await rows(page).allInnerTexts()).slice(1);
  assert.match(texts[0], /-2[\s\S]*통보[\s\S]*기한 2일 지남/);
  assert.match(texts[1], new RegExp(`-3[\\s\\S]*통보[\\s\\S]*20일 남음[\\s\\S]*${koreanDay(20)}까지[\\s\\S]*게재[\\s\\S]*30일 남음`));
  assert.match(texts[2], /-1[\s\S]*결정 전[\s\S]*정문[\s\S]*30분[\s\S]*보전 중/);
  assert.match(texts[3], /-4[\s\S]*계산하지 못함/);
  assert.doesNotMatch(await page.locator('main').innerText(), /가나경찰서|001234/);
  await page.getByText('끝난 건').click();
  assert.match(await page.locator('details').innerText(), /-5[\s\S]*거절됨/);
  await page.getByRole('link', { name: `접수번호 ${uncounted.id} 보기` }).click();
  await readIt(page);
  await page.getByText('기한을 계산하지 못함').first().waitFor();
  await page.getByRole('button', { name: '통보 적기' }).waitFor();
});

test('the inspector sees the board and no more; an operator sees no page', async () => {
  const made = disclosure();
  const page = await as('inspector');
  assert.equal(await page.getByRole('button', { name: '요청 접수' }).count(), 0);
  await page.getByRole('link', { name: `접수번호 ${made.id} 보기` }).click();
  await page.getByText('담당자와 관리책임자만 읽습니다').waitFor();
  assert.equal(await page.getByRole('button', { name: '읽고 처리하기' }).count(), 0);
  const operator = await open(`${mock.address}/#/disclosures`);
  await signIn(operator, 'operator', PASSWORD);
  await operator.getByRole('link', { name: '재생' }).waitFor();
  assert.equal(await operator.getByRole('link', { name: '제공' }).count(), 0);
});

test('whoever takes over has not read it: who asks is gone from the page', async () => {
  const made = disclosure();
  const page = await as('officer', {}, `?number=${made.id}`);
  await readIt(page);
  await page.getByText('가나경찰서').waitFor();
  await press(page, '교대');
  await dialog(page).getByLabel('나가는 사람').fill(PASSWORD);
  await dialog(page).getByLabel('들어오는 사람의 이름').fill('manager');
  await dialog(page).getByLabel('들어오는 사람의 비밀번호').fill(PASSWORD);
  await press(dialog(page), '교대하기');
  await page.getByRole('banner').getByText('김하늘').waitFor();
  await page.getByRole('button', { name: '읽고 처리하기' }).waitFor();
  assert.equal((await page.locator('main').innerText()).includes('가나경찰서'), false);
});

test('failing and forbidden are said, and reading is tried again', async () => {
  const made = disclosure();
  world.broken = ['/disclosures'];
  const page = await as('manager');
  await page.getByRole('alert').filter({ hasText: '녹화기 내부에 문제가' }).waitFor();
  world.broken = [];
  await press(page, '다시 시도');
  await page.getByRole('link', { name: `접수번호 ${made.id} 보기` }).click();
  world.broken = [`/disclosures/${made.id}`];
  await readIt(page);
  await page.getByRole('alert').filter({ hasText: '녹화기 내부에 문제가' }).waitFor();
  world.broken = [];
  await readIt(page);
  await page.getByText('가나경찰서').waitFor();
  const account = person('manager');
  account.roles = ['operator'];
  await press(page, '결정');
  await dialog(page).getByRole('radio', { name: '제공하기로 함' }).check();
  await press(dialog(page), '결정하기');
  await dialog(page).getByRole('alert').filter({ hasText: '맡은 역할로는 할 수 없는 일입니다' }).waitFor();
  account.roles = ['manager'];
  assert.equal(made.steps.length, 0);
  await page.goto(`${mock.address}/#/disclosures?number=2020-9`);
  await page.getByText('접수번호 2020-9인 건이 없습니다').waitFor();
});

test('the keyboard alone opens a disclosure, reads it, and grants it', async () => {
  const made = disclosure();
  const page = await as('manager');
  await page.getByRole('link', { name: `접수번호 ${made.id} 보기` }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '읽고 처리하기' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '다음 할 일: 결정' }).waitFor();
  await page.waitForFunction(() => document.activeElement.id === 'next');
  // Past the footage and two buttons.
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), '결정');
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
  // Behind the button that closes it.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await told(page, '결정을 기록했습니다: 제공하기로 함');
  assert.equal(made.steps[0].granted, true);
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`board, forms and case are accessible and fit at ${size}, in both languages`, async () => {
    disclosure();
    const made = disclosure({ ground: 'provision-8', basis: '○○지방법원 2026가합1234' });
    goOn(world, person('officer'), made, 'compelled', { confirmation: { ...WARRANT, at: iso(minuteAgo(1)) } });
    goOn(world, person('officer'), made, 'provided');
    goOn(world, person('manager'), disclosure(), 'decided', { granted: false, text: '근거가 맞지 않음' });
    for (const language of ['ko', 'en']) {
      const page = await as('manager', { viewport, language });
      const fits = async (where) => {
        await sound(page, `${where} in ${language}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= viewport.width, `${where} is ${wide} px wide in ${language}`);
      };
      const show = async (id) => {
        await page.evaluate((number) => (location.hash = `#/disclosures?number=${number}`), id);
        const read = page.getByRole('button', { name: /^(읽고 처리하기|Read and work on it)/ });
        await read.waitFor();
        if (id === made.id) await fits('a case before it is read');
        await read.click();
        await page.getByText('나형사').waitFor();
        await fits('a case');
      };
      const asks = async (name) => {
        await page.getByRole('button', { name }).click();
        await dialog(page).waitFor();
        await fits(String(name));
        await page.keyboard.press('Escape');
      };
      await page.locator('details summary').click();
      await fits('the board');
      await page.getByRole('button', { name: /^(요청 접수|Receive)$/ }).click();
      await dialog(page).getByRole('radio', { name: /^(법원의 재판업무|For the work of a court)/ }).check();
      await fits('receiving');
      await page.keyboard.press('Escape');
      await show(made.id);
      for (const name of [/^(검토 적기|Enter the review)$/, /^(게재 적기|Enter the publication)$/, /^(통보 적기|Enter the report)$/]) await asks(name);
      await show(world.disclosures[0].id);
      for (const name of [/^(결정|Decide)$/, /^(긴급: 혼자 결정|Urgent: grant alone)$/, /^(철회|Withdraw)$/]) await asks(name);
    }
  });
}

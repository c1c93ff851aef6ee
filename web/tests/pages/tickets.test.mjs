// Maintenance tickets: opened, seen, closed; and a contractor is here only while one is open.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { openTicket } from '../../dev/tickets.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const HOUR_MS = 3_600_000;
const open = withBrowser();
const mock = await startMock({ cameras: 2 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => {
  world.tickets = [];
  world.broken = [];
});

const person = (name) => world.accounts.find((account) => account.name === name);
const iso = (ms) => new Date(ms).toISOString();

/** A ticket of the mock's contractor that begins in so many hours. */
function ticket(inHours, hours, work) {
  const from = Date.now() + inHours * HOUR_MS;
  return openTicket(world, person('officer'), { contractor: person('contractor').id, escort: person('manager').id, work, from: iso(from), until: iso(from + hours * HOUR_MS) });
}

async function as(name, options) {
  const page = await open(`${mock.address}/#/tickets`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { name: /^(작업표|Tickets)$/ }).waitFor();
  return page;
}

const dialog = (page) => page.getByRole('dialog');
const region = (page, name) => page.getByRole('region', { name });

test('by keyboard alone: a ticket is opened, and stands there with its people', async () => {
  const page = await as('officer');
  await page.getByText('열린 작업표가 없습니다').waitFor();
  await page.getByRole('button', { name: '작업표 열기' }).focus();
  await page.keyboard.press('Enter');
  await dialog(page).getByLabel('작업자(수탁업체)').selectOption({ label: '한빛보안' });
  await dialog(page).getByLabel('입회자(기관)').selectOption({ label: '김하늘 (관리책임자)' });
  const send = dialog(page).getByRole('button', { name: '열기', exact: true });
  assert.ok(await send.isDisabled(), 'not without what is to be done');
  await dialog(page).getByLabel('작업 내용').focus();
  await page.keyboard.type('3번 카메라 렌즈 청소');
  await send.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: '를 열었습니다: 한빛보안' }).waitFor();
  const card = region(page, '열린 작업표').getByRole('article');
  assert.match(await card.innerText(), /3번 카메라 렌즈 청소[\s\S]*한빛보안[\s\S]*김하늘[\s\S]*녹화기 전체/);
  assert.equal(world.tickets[0].work, '3번 카메라 렌즈 청소');
});

test('a ticket for some cameras names them, and too long a one is not sent', async () => {
  const page = await as('manager');
  await page.getByRole('button', { name: '작업표 열기' }).click();
  await dialog(page).getByLabel('작업자(수탁업체)').selectOption({ label: '한빛보안' });
  await dialog(page).getByLabel('입회자(기관)').selectOption({ label: '정유진 (담당자)' });
  await dialog(page).getByLabel('작업 내용').fill('초점 조정');
  await dialog(page).getByRole('radio', { name: '고른 카메라만' }).check();
  const send = dialog(page).getByRole('button', { name: '열기', exact: true });
  assert.ok(await send.isDisabled(), 'some cameras are none');
  await dialog(page).getByRole('checkbox', { name: '로비' }).check();
  const until = dialog(page).getByLabel('끝', { exact: true });
  const fits = await until.inputValue();
  await until.fill(`${Number(fits.slice(0, 4)) + 1}${fits.slice(4)}`);
  await dialog(page).getByText('한 작업표는 12시간까지입니다.').waitFor();
  assert.ok(await send.isDisabled());
  await until.fill(fits);
  await send.click();
  await dialog(page).waitFor({ state: 'detached' });
  assert.deepEqual(world.tickets[0].cameras, [world.cameras[1].id]);
});

test('a refusal stands in the dialog, and what was written stays', async () => {
  ticket(0, 2, '먼저 연 작업');
  const page = await as('manager');
  await page.getByRole('button', { name: '작업표 열기' }).click();
  await dialog(page).getByLabel('작업자(수탁업체)').selectOption({ label: '한빛보안' });
  await dialog(page).getByLabel('입회자(기관)').selectOption({ label: '정유진 (담당자)' });
  await dialog(page).getByLabel('작업 내용').fill('겹치는 작업');
  await dialog(page).getByRole('button', { name: '열기', exact: true }).click();
  await dialog(page).getByRole('alert').getByText('그 시간의 작업표가 이미 있습니다').waitFor();
  assert.equal(await dialog(page).getByLabel('작업 내용').inputValue(), '겹치는 작업');
});

test('a contractor is here while a ticket is open; closing it sends him away and says what was done', async () => {
  const outside = await open(mock.address);
  await outside.getByLabel('이름(아이디)').fill('contractor');
  await outside.getByLabel('비밀번호').fill(PASSWORD);
  await outside.getByRole('button', { name: '로그인' }).click();
  await outside.getByRole('alert').getByText('열려 있는 유지보수 작업표가 없어').waitFor();
  ticket(0, 2, '디스크 교체');
  const inside = await open(mock.address);
  await signIn(inside, 'contractor', PASSWORD);
  await inside.getByRole('link', { name: '상태' }).waitFor();
  assert.equal(await inside.getByRole('link', { name: '작업표' }).count(), 0, 'he sees no tickets');

  const page = await as('officer');
  await page.getByText('부터 접속 중').waitFor();
  await page.getByRole('button', { name: '작업표 닫기' }).click();
  await dialog(page).getByText('지금 접속 중입니다.').waitFor();
  const send = dialog(page).getByRole('button', { name: '작업표 닫기' });
  assert.ok(await send.isDisabled(), 'not without what was done');
  await dialog(page).getByLabel('처리 결과').fill('디스크를 바꾸었음');
  await send.click();
  await page.getByRole('status').filter({ hasText: '를 닫았습니다' }).waitFor();
  await page.getByText('지난 작업표').click();
  assert.match(await page.locator('details').innerText(), /닫힘[\s\S]*디스크를 바꾸었음[\s\S]*정유진/);
  await inside.getByRole('link', { name: '상태' }).click();
  await inside.getByLabel('비밀번호').waitFor();
});

test('planned and past ones stand apart, and who opens none sees them', async () => {
  ticket(30, 2, '다음 정기 점검');
  ticket(0, 1, '지난 작업').untilMs = Date.now() - 1000;
  const page = await as('admin');
  assert.match(await region(page, '예정').innerText(), /다음 정기 점검[\s\S]*뒤 시작/);
  await page.getByText('지난 작업표').click();
  assert.match(await page.locator('details').innerText(), /지난 작업[\s\S]*시간이 지나 끝남/);
  assert.equal(await page.getByRole('button', { name: '작업표 열기' }).count(), 0);
  await page.getByText('작업표는 관리책임자나 담당자가 엽니다.').waitFor();
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`page and dialogs are accessible and fit at ${size}, in both languages`, async () => {
    ticket(0, 2, '디스크 교체와 팬 청소');
    ticket(40, 3, '다음 정기 점검');
    ticket(-2, 1, '지난 작업');
    for (const language of ['ko', 'en']) {
      const page = await as('manager', { viewport, language });
      await sound(page, `the page in ${language}`);
      const opener = page.getByRole('button', { name: /^(작업표 열기|Open a ticket)$/ });
      await opener.click();
      await dialog(page).waitFor();
      await sound(page, `opening in ${language}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^(작업표 닫기|Close the ticket)$/ }).first().click();
      await dialog(page).waitFor();
      await sound(page, `closing in ${language}`);
    }
  });
}

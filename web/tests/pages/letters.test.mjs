// The letters that answer a request: had as files by whoever reads it, one kind for each decision.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { goOn, receiveRequest } from '../../dev/requests.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 2 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => Object.assign(world, { requests: [], holds: [], broken: [], sender: undefined, hasPress: true }));

const DAY_MS = 86_400_000;
const person = (name) => world.accounts.find((account) => account.name === name);
const iso = (ms) => new Date(ms).toISOString();
const ahead = (days) => iso(Date.now() + days * DAY_MS).slice(0, 10);
const readings = () => world.entries.filter(({ entry }) => entry.action === 'request.read').length;

/** A request that was received, and decided if a decision is named. */
function request(decision = null, more = {}) {
  const minute = (hours) => iso(Math.floor((Date.now() - hours * 3_600_000) / 60_000) * 60_000);
  const requester = { name: '홍청구', phone: '010-0000-0000', born: null, address: '' };
  const form = { requester, agent: null, asks: ['existence', 'viewing'], cameras: [world.cameras[0].id], from: minute(3), until: minute(2.5), reason: '정문에서 넘어짐', channel: 'counter' };
  const made = receiveRequest(world, person('officer'), form);
  goOn(world, person('officer'), made, 'identified');
  if (decision) goOn(world, person('manager'), made, 'decided', { decision, ...more });
  return made;
}

async function reading(made, options = {}) {
  const page = await open(`${mock.address}/#/requests?number=${made.id}`, { zone: 'Asia/Seoul', ...options });
  await signIn(page, 'officer', PASSWORD);
  await page.getByRole('button', { name: /^(읽고 처리하기|Read and work on it)/ }).click();
  await letters(page).waitFor();
  return page;
}

const letters = (page) => page.getByRole('region', { name: /^(문서|Letters)$/ });
const button = (page, name) => page.getByRole('button', { name, exact: true });

async function saved(page, press) {
  const saving = page.waitForEvent('download');
  await press();
  const file = await saving;
  return [file.suggestedFilename(), await readFile(await file.path(), 'utf8')];
}

test('a viewing notice has day, time and place, and each one that is had is a reading', async () => {
  const made = request('granted');
  const page = await reading(made);
  const before = readings();
  await button(page, '열람 통지서 PDF 받기').click();
  assert.equal(readings(), before, 'the browser asks for day, time and place');
  await page.getByRole('form', { name: '열람 통지서' }).getByLabel('문서번호(선택)').fill('총무-17');
  await page.getByLabel('열람 날짜').fill(ahead(3));
  await page.getByLabel('시간(한국)').fill('14:00');
  await page.getByLabel('장소').fill('1층 방재실');
  const pdf = await saved(page, () => button(page, '열람 통지서 PDF 받기').click());
  assert.deepEqual(pdf, [`${made.id}-viewing.pdf`, `viewing|pdf|총무-17|${ahead(3)}|14:00|1층 방재실`]);
  assert.equal(readings(), before + 1);
  await page.getByRole('status').filter({ hasText: '읽은 것으로 원장에 남았습니다' }).waitFor();
  // What names no viewing is asked for without one, and with a number of its own.
  const receipt = await saved(page, () => button(page, '접수증 HWPX 받기').click());
  assert.deepEqual(receipt, [`${made.id}-receipt.hwpx`, 'receipt|hwpx||||']);
});

const REFUSAL = { ground: 'refusal-act-1', text: '법령에 따른 비밀' };
for (const [decision, more, names] of [
  [null, {}, ['접수증']],
  ['granted', {}, ['존재확인 결과 통지서', '열람 통지서', '접수증']],
  ['partly', REFUSAL, ['일부 거절·일부열람 통지서', '접수증']],
  ['refused', REFUSAL, ['거절 통지서', '접수증']],
  ['postponed', { text: '가림 작업', until: ahead(5) }, ['연기 통지서', '접수증']],
]) {
  test(`what can be had when it is ${decision ?? 'not decided'} is ${names.length} letters`, async () => {
    const page = await reading(request(decision, more));
    assert.deepEqual(await letters(page).getByRole('heading', { level: 3 }).allInnerTexts(), names);
  });
}

test('without a press there is the page to print, and it says why', async () => {
  world.hasPress = false;
  const made = request('refused', REFUSAL);
  const page = await reading(made);
  await page.getByText('jikim-press').waitFor();
  assert.equal(await page.getByRole('button', { name: /PDF|HWPX/ }).count(), 0);
  const [name] = await saved(page, () => button(page, '거절 통지서 인쇄용 HTML 받기').click());
  assert.equal(name, `${made.id}-refused.html`);
});

test('without a policy in force there is none, and what fails is said', async () => {
  world.sender = null;
  const made = request('refused', REFUSAL);
  const page = await reading(made);
  await page.getByText('먼저 방침을 공고하십시오').waitFor();
  assert.equal(await letters(page).getByRole('button').count(), 0);
  world.sender = undefined;
  const other = await reading(made);
  world.broken = [`/requests/${made.id}/letters`];
  await button(other, '거절 통지서 PDF 받기').click();
  await other.getByRole('alert').filter({ hasText: '녹화기 내부에 문제가' }).waitFor();
});

test('the keyboard alone has a letter', async () => {
  const made = request('refused', REFUSAL);
  const page = await reading(made);
  await page.getByLabel('문서번호(선택)').first().focus();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), '거절 통지서 PDF 받기');
  const [name] = await saved(page, () => page.keyboard.press('Enter'));
  assert.equal(name, `${made.id}-refused.pdf`);
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`the letters are accessible and fit at ${size}, in both languages`, async () => {
    const made = request('granted');
    for (const language of ['ko', 'en']) {
      const page = await reading(made, { viewport, language });
      await sound(page, `letters in ${language}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
    }
  });
}

// What is due: what there is, by when, who, and the way to where it is done.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { announce, promises } from '../../dev/policy.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 2 });
const { world } = mock;
after(() => mock.close());

const DUTIES = [
  { kind: 'take-effect', inDays: 8, who: 'manager', article: 'Act 25(7), Guide 36(1)', text_ko: '방침 제2판이 시행됩니다. 그날까지 누리집과 안내판을 새 방침에 맞추십시오.', text_en: 'Version 2 takes effect. Have homepage and signs agree by then.', promise: null, version: 2 },
  { kind: 'law-changes', inDays: 120, who: 'manager', article: 'Act 25(4)', text_ko: '법이 바뀝니다.', text_en: 'The law changes.', promise: null, version: null },
];

beforeEach(() => {
  Object.assign(world, { policies: [], attestations: [], broken: [], duties: DUTIES, leftDays: 14 });
  announce(world);
  announce(world, { effective: '2099-01-01', state: 'announced' });
  world.promises = promises({ 'safety.room': 'unproven', 'cameras.lobby': 'broken' });
});

async function as(name, options) {
  const page = await open(`${mock.address}/#/tasks`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { level: 1, name: /^(할 일|Tasks)$/ }).waitFor();
  return page;
}

const region = (page, name) => page.getByRole('region', { name });

test('the urgent comes first, each with its day, its person, its article and its way', async () => {
  const page = await as('manager');
  const now = region(page, '기한이 되었거나 지난 일');
  const mend = now.getByRole('listitem');
  assert.equal(await mend.count(), 1);
  assert.match(await mend.innerText(), /바로잡기[\s\S]*오늘까지[\s\S]*로비에 카메라 4대[\s\S]*시행령 제25조제1항제2호[\s\S]*시스템 관리자/);
  assert.equal(await mend.getByRole('link').getAttribute('href'), '#/promises?promise=cameras.lobby');
  const later = await region(page, '앞으로 할 일').getByRole('listitem').allInnerTexts();
  assert.match(later[0], /방침 시행[\s\S]*8일 남음/);
  assert.match(later[1], /직접 확인[\s\S]*14일 남음[\s\S]*관리책임자 \(내 일\)/);
  assert.match(later[2], /법 개정[\s\S]*120일 남음/);
  assert.equal(await page.getByRole('link', { name: '방침 제2판 보기' }).getAttribute('href'), '#/policy?version=2');
});

test('by keyboard: from the task to the promise, what was seen is recorded, and the task is gone', async () => {
  world.leftDays = -3;
  const page = await as('manager');
  const task = region(page, '기한이 되었거나 지난 일').getByRole('listitem').filter({ hasText: '잠금장치' });
  assert.match(await task.innerText(), /\d{4}-\d{2}-\d{2}\s+3일 지남/);
  await task.getByRole('link', { name: '약속에서 기록하기' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'promise-safety.room');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: '약속대로임' }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.getByText('확인한 것을 기록했습니다').waitFor();
  await page.getByRole('link', { name: /^할 일/ }).click();
  await page.getByRole('heading', { level: 1, name: '할 일' }).waitFor();
  await region(page, '앞으로 할 일').waitFor();
  assert.equal(await page.getByText('잠금장치').count(), 0);
});

test('nothing due, no policy, and a failing look each say so', async () => {
  world.duties = [];
  world.promises = promises();
  for (const promise of world.promises) promise.attested_every_days = null;
  const page = await as('admin');
  await page.getByText('지금 할 일이 없습니다').waitFor();
  world.policies = [];
  await page.getByRole('button', { name: '다시 살펴보기' }).click();
  await page.getByText('시행 중인 방침이 없습니다').waitFor();
  world.broken = ['/tasks'];
  await page.getByRole('button', { name: '다시 살펴보기' }).click();
  await page.getByRole('alert').getByText('녹화기 내부에 문제가').waitFor();
});

test('who has no part in it has no such page', async () => {
  for (const name of ['operator', 'contractor']) {
    const page = await open(`${mock.address}/#/tasks`);
    await signIn(page, name, PASSWORD);
    await page.getByRole('navigation').first().waitFor();
    assert.equal(await page.getByRole('link', { name: /^할 일/ }).count(), 0, name);
  }
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`the list is accessible and fits at ${size}, in both languages`, async () => {
    for (const language of ['ko', 'en']) {
      const page = await as('manager', { viewport, language });
      await page.getByRole('listitem').first().waitFor();
      await sound(page, `the list in ${language}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
    }
  });
}

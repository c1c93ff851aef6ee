// Promises: counted, grouped as in the policy, the broken ones first; looked at again when asked.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { announce, promises } from '../../dev/policy.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, goTo, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 2 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => {
  world.policies = [];
  world.promises = promises();
  world.entered = null;
  world.broken = [];
});

async function as(name, options, place = 'promises') {
  const page = await open(`${mock.address}/#/${place}`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { level: 1, name: /^(약속|Promises)$/ }).waitFor();
  return page;
}

const counts = (page) => page.locator('.figures .big').allInnerTexts();
const section = (page, name) => page.getByRole('region', { name });

test('every role sees the counts and when they were looked at and entered', async () => {
  announce(world);
  world.promises = promises({ 'cameras.lobby': 'broken', 'safety.room': 'unproven', storage: 'unproven' });
  world.entered = { entry: '2026/1', at: '2026-11-20T03:00:00Z' };
  for (const name of ['contractor', 'operator', 'admin', 'manager']) {
    const page = await as(name, { zone: 'Asia/Seoul' });
    await page.locator('.figures').waitFor();
    assert.deepEqual(await counts(page), ['3', '1', '2']);
    await page.getByText('원장에 마지막으로 적은 때: 2026-11-20 12:00:00').waitFor();
    assert.match(await page.getByRole('status').innerText(), /\d{2}:\d{2}에 살펴보았습니다/);
    assert.equal(await page.getByRole('link', { name: '2026/1' }).getAttribute('href'), '#/ledger?entry=2026/1');
  }
});

test('broken ones come first with what the law says; all stand by section, in order', async () => {
  announce(world);
  world.promises = promises({ 'cameras.lobby': 'broken', 'safety.room': 'unproven' });
  const page = await as('operator');
  const broken = section(page, '어긋난 약속');
  await broken.getByText('3천만원 이하의 과태료').waitFor();
  assert.equal(await broken.getByRole('listitem').count(), 1);
  const headings = await page.getByRole('heading', { level: 2 }).allInnerTexts();
  assert.match(headings.slice(3).join('|'), /^어긋난 약속 1\|2\. 설치 대수.*\|4\. 촬영시간.*\|7\. 기술적/);
  const rows = await section(page, '2. 설치 대수').getByRole('listitem').allInnerTexts();
  assert.equal(rows.length, 3);
  assert.match(rows[1], /어긋남[\s\S]*로비에 카메라 4대가 있습니다\.[\s\S]*영상이 오지 않습니다[\s\S]*시행령 제25조제1항제2호/);
  assert.match(rows[2], /지켜짐/);
  assert.match(await section(page, '7. 기술적').innerText(), /확인 안 됨[\s\S]*살펴보고 적은 것이 없습니다/);
  assert.equal(await page.getByText('과태료').count(), 2, 'not beside one that is kept');
});

test('a state is told by word and shape, not by colour alone', async () => {
  announce(world);
  world.promises = promises({ cameras: 'broken', storage: 'unproven' });
  const page = await as('operator');
  await page.locator('.figures').waitFor();
  const signs = await page.locator('.figures .badge').allInnerTexts();
  assert.deepEqual(signs.map((text) => text.replace(/\s/g, '')), ['●지켜짐', '■어긋남', '○확인안됨']);
});

test('it is looked at again when somebody asks, and never by itself', async () => {
  announce(world);
  const page = await as('operator');
  await page.locator('.figures').waitFor();
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().endsWith('/promises'))));
  world.promises = promises({ retention: 'broken' });
  await page.waitForTimeout(4000);
  assert.equal(asked, 0);
  assert.deepEqual(await counts(page), ['6', '0', '0']);
  await page.getByRole('button', { name: '다시 살펴보기' }).press('Enter');
  await section(page, '어긋난 약속').waitFor();
  assert.deepEqual(await counts(page), ['5', '1', '0']);
  assert.equal(asked, 1);
});

test('without a policy in force it says who announces one, and leads there', async () => {
  const page = await as('contractor');
  await page.getByText('시행 중인 방침이 없습니다').waitFor();
  await page.getByText('방침은 관리책임자가 공고합니다.').waitFor();
  await page.getByRole('link', { name: '방침 보기' }).click();
  await page.getByText('공고된 방침이 없습니다').waitFor();
});

test('a failing look says so and keeps what was seen; without the text sections have numbers', async () => {
  announce(world);
  world.broken = ['/promises', '/policy'];
  const page = await as('operator');
  await page.getByRole('alert').getByText('녹화기 내부에 문제가').waitFor();
  world.broken = ['/policy'];
  await page.getByRole('button', { name: '다시 시도' }).click();
  await section(page, '방침 2항').waitFor();
  world.broken = ['/promises'];
  await page.getByRole('button', { name: '다시 살펴보기' }).click();
  await page.getByRole('alert').waitFor();
  await section(page, '방침 2항').waitFor();
});

test('a promise that the policy in force does not make is said to be none of it', async () => {
  announce(world);
  const page = await as('operator', {}, 'promises?promise=retention.gone');
  await page.getByText('찾으시는 약속은 시행 중인 방침에 없습니다.').waitFor();
  await goTo(page, '원장');
  await goTo(page, '약속');
  await page.locator('.figures').waitFor();
  assert.equal(await page.getByText('찾으시는 약속은').count(), 0);
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`the list is accessible and fits at ${size}, in both languages`, async () => {
    announce(world);
    world.promises = promises({ 'cameras.lobby': 'broken', retention: 'broken', 'safety.room': 'unproven' });
    for (const language of ['ko', 'en']) {
      const page = await as('manager', { viewport, language }, 'promises?promise=storage');
      await page.locator('[aria-current=true]').waitFor();
      await sound(page, `the list in ${language}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
    }
  });
}

test('the names of all pages stand whole at every width, in both languages', async () => {
  for (const language of ['ko', 'en']) {
    const page = await as('manager', { language });
    for (const width of [1440, 1280, 1100, 760, 721, 720, 390, 360]) {
      await page.setViewportSize({ width, height: 800 });
      const faults = await page.evaluate(() => {
        const boxes = [...document.querySelectorAll('header nav a, header .person > *')].map((element) => ({ name: element.textContent.trim(), at: element.getBoundingClientRect(), cut: element.matches('a') && element.scrollWidth > element.clientWidth + 1 }));
        const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
        return boxes.filter((box, i) => box.cut || box.at.right > innerWidth + 1 || boxes.some((other, j) => j < i && over(box.at, other.at))).map((box) => box.name);
      });
      assert.deepEqual(faults, [], `${width} px in ${language}`);
    }
  }
});

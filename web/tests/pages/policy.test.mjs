// The policy: its versions, its text, and a draft that is looked through and announced.

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
beforeEach(() => {
  world.policies = [];
  world.promises = promises();
  world.broken = [];
});

async function as(name, options, place = 'policy') {
  const page = await open(`${mock.address}/#/${place}`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { level: 1, name: /^(방침|Policy)$/ }).waitFor();
  return page;
}

const file = (text, name = 'library.toml') => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
const choose = (page, what) => page.getByLabel(/기관 설명 파일|Description of the institution/).setInputFiles(what);
const announcing = (page) => page.getByRole('region', { name: /새 방침|A new version/ }).getByRole('button', { name: /^(공고|Announce)$/ });

test('its text has real headings, lists, tables and remarks, and nothing in it is markup', async () => {
  announce(world);
  const page = await as('contractor');
  const text = page.getByRole('article');
  await text.getByRole('heading', { level: 2, name: '한빛구립도서관' }).waitFor();
  await text.getByRole('heading', { level: 3, name: '2. 설치 대수' }).waitFor();
  await text.getByRole('heading', { level: 4, name: '가. 접근' }).waitFor();
  assert.equal(await text.locator('ol > li').count(), 2);
  assert.equal(await text.locator('ul > li').count(), 2);
  assert.equal(await text.locator('hr').count(), 1);
  await text.getByText('<b>글은 글일 뿐입니다.</b>').waitFor();
  assert.equal(await text.locator('b').count(), 0);
  const table = text.getByRole('table', { name: '카메라 현황' });
  assert.equal(await table.getByRole('columnheader').count(), 8, 'seven of the text, one for the promises');
  assert.equal(await table.getByRole('rowheader', { name: '합계' }).getAttribute('colspan'), '3');
  await text.getByText('소재지: 한빛구').waitFor();
});

test('a sentence and a row lead to their promise', async () => {
  announce(world);
  const page = await as('contractor');
  await page.getByRole('link', { name: '약속: 영상은 1층 방재실에만 보관합니다.' }).click();
  const promise = page.locator('[id="promise-storage"]');
  await promise.waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'promise-storage');
  assert.equal(await promise.getAttribute('aria-current'), 'true');
  await page.goBack();
  await page.getByRole('row', { name: '어린이 놀이터' }).getByRole('link').click();
  await page.waitForFunction(() => document.activeElement?.id === 'promise-cameras.yard');
});

test('another version is chosen and marked; what is no longer in force leads to no promise', async () => {
  announce(world, { days: 40, mended: [{ found: '보관기간: 약 한 달', now: '보관기간: 40일' }] });
  announce(world);
  const page = await as('operator');
  const row = (name) => page.getByRole('row').filter({ hasText: name });
  await row('제2판').getByText('보는 중').waitFor();
  await row('제2판').getByText('시행 중').waitFor();
  assert.equal(await page.getByText('무엇을 고쳤는가').count(), 0);
  await page.getByRole('link', { name: '제1판' }).click();
  await row('제1판').getByText('보는 중').waitFor();
  await page.getByText('40일을 넘겨').waitFor();
  assert.equal(await page.getByRole('link', { name: /^약속:/ }).count(), 0);
  const mended = page.locator('details').filter({ hasText: '무엇을 고쳤는가' });
  assert.equal(await mended.getAttribute('open'), null, 'it is folded');
  await mended.locator('summary').click();
  await mended.getByText('약 한 달').waitFor();
  await page.goBack();
  await row('제2판').getByText('보는 중').waitFor();
});

test('without a policy it says who can announce one; only that person is asked for a file', async () => {
  const operator = await as('operator');
  await operator.getByText('공고된 방침이 없습니다').waitFor();
  await operator.getByText('방침은 관리책임자가 공고합니다.').waitFor();
  assert.equal(await operator.locator('input[type=file]').count(), 0);
  const manager = await as('manager');
  await manager.getByText('아래에서 기관 설명 파일을').waitFor();
  assert.equal(await manager.locator('input[type=file]').count(), 1);
});

test('a version that is not there and a failing recorder are said, with a way on', async () => {
  announce(world);
  const page = await as('operator', {}, 'policy?version=9');
  await page.getByRole('alert').getByText('그런 것이 없습니다').waitFor();
  await page.getByRole('link', { name: '시행 중인 방침 보기' }).click();
  await page.getByRole('article').waitFor();
  world.broken = ['/policy'];
  await page.evaluate(() => (location.hash = '/policy?version=1'));
  await page.getByRole('alert').getByText('녹화기 내부에 문제가').waitFor();
  world.broken = [];
  await page.getByRole('button', { name: '다시 시도' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('errors come first and block, and so does promising less', async () => {
  announce(world);
  const page = await as('manager');
  await choose(page, file('warning error looser'));
  await page.getByText('오류가 1건 있어 공고할 수 없습니다.').waitFor();
  const texts = await page.locator('section[aria-labelledby=desk] li').allInnerTexts();
  assert.match(texts[0], /오류[\s\S]*서식의 빈칸[\s\S]*개인정보 보호법 제3조제3항[\s\S]*institution\.name/);
  assert.match(texts[1], /주의[\s\S]*개인정보 보호법 제25조제5항/);
  assert.match(texts[2], /덜 약속[\s\S]*60일/);
  assert.ok(await announcing(page).isDisabled());
  await choose(page, file('looser'));
  await page.getByText('전보다 덜 약속하므로 다른 사람의 승인을 받아야').waitFor();
  assert.equal(await announcing(page).count(), 0, 'one person does not announce it');
  await choose(page, file('a = = 1'));
  await page.getByText('line 3: a value is missing').waitFor();
  assert.ok(await announcing(page).isDisabled());
});

test('what changed stands beside what was, with why', async () => {
  announce(world);
  announce(world, { days: 20 });
  const page = await as('operator');
  await page.getByText('앞의 판과 달라진 것').click();
  await page.getByText('보관기간 단축').waitFor();
  const row = page.getByRole('row').filter({ hasText: '4. 보관' });
  assert.match(await row.innerText(), /30일을 넘겨[\s\S]*20일을 넘겨/);
  await page.getByRole('row').filter({ hasText: '없음' }).getByText('잠금장치가 있는').waitFor();
  await page.goto(`${mock.address}/#/policy?version=1`);
  await page.getByRole('row').filter({ hasText: '제1판' }).getByText('보는 중').waitFor();
  assert.equal(await page.getByText('앞의 판과 달라진 것').count(), 0, 'the first has none before it');
});

test('what promises less is proposed with a reason, read and announced by another person', async () => {
  announce(world);
  const page = await as('admin');
  await choose(page, file('looser'));
  const desk = page.locator('section[aria-labelledby=desk]');
  await desk.getByRole('button', { name: '승인 요청' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('사유').fill('보관기간을 늘려 달라는 민원');
  await dialog.getByRole('button', { name: '승인 요청' }).click();
  await page.getByText(/승인 요청\(\d+\/\d+\)을 올렸습니다/).waitFor();
  assert.equal(world.policies.length, 1, 'nothing is announced yet');

  const manager = await as('manager');
  await manager.evaluate(() => (location.hash = '#/approvals'));
  const waiting = manager.getByRole('article').filter({ hasText: '덜 약속하는 방침 공고' });
  await waiting.getByText('30일에서 60일로 늘어납니다').waitFor();
  await waiting.getByText('공고될 기관 설명 파일').click();
  await waiting.getByText('looser', { exact: true }).waitFor();
  await waiting.getByRole('button', { name: '승인' }).click();
  await manager.getByRole('dialog').getByText('2026-12-01부터 시행됩니다').waitFor();
  await manager.getByRole('dialog').getByRole('button', { name: '승인', exact: true }).click();
  await manager.getByText('새 방침을 공고했습니다.').waitFor();
  assert.equal(world.policies.length, 2);
  await manager.getByRole('row').filter({ hasText: '덜 약속하는 방침' }).getByText('시행됨').waitFor();
});

test('a file that is too large or no text is not sent', async () => {
  const page = await as('manager');
  let sent = 0;
  page.on('request', (request) => (sent += Number(request.url().endsWith('/policy/draft'))));
  await choose(page, file('x'.repeat(256 * 1024 + 1)));
  await page.getByRole('alert').getByText('파일이 너무 큽니다').waitFor();
  await choose(page, { name: 'a.toml', mimeType: 'text/plain', buffer: Buffer.from([0xff, 0xfe, 0x41]) });
  await page.getByRole('alert').getByText('글로 읽을 수 없는').waitFor();
  assert.equal(sent, 0);
  await choose(page, file('x'.repeat(256 * 1024)));
  await page.getByText('공고할 수 있습니다. 2026-12-01부터').waitFor();
  assert.equal(sent, 1, 'as much as that is read');
});

test('what can be announced is announced after a question; a refusal stays in its dialog', async () => {
  announce(world);
  const page = await as('manager');
  await choose(page, file('raced'));
  await announcing(page).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('library.toml').waitFor();
  await dialog.getByRole('button', { name: '공고' }).click();
  await dialog.getByRole('alert').getByText('고쳐야 할 것이 있어').waitFor();
  await dialog.getByRole('button', { name: '취소' }).click();
  assert.equal(world.policies.length, 1);

  await choose(page, file('warning'));
  await page.getByText('이렇게 공고됩니다').click();
  await page.locator('.text').getByText('20일을 넘겨').waitFor();
  await announcing(page).click();
  await dialog.getByText('2026-12-01').waitFor();
  assert.equal(world.policies.length, 1, 'not before it is confirmed');
  await dialog.getByRole('button', { name: '공고' }).click();
  await page.getByText('방침을 공고했습니다. 2026-12-01부터 시행됩니다.').waitFor();
  await page.getByRole('row').filter({ hasText: '제2판' }).getByText('공고됨, 시행 전').waitFor();
  await page.getByRole('row').filter({ hasText: '제1판' }).getByText('보는 중').waitFor();
  assert.equal(await announcing(page).count(), 0, 'the draft is gone');
});

test('by the keyboard alone: a table scrolls, a version is chosen, the question is closed', async () => {
  announce(world);
  announce(world);
  const page = await as('manager', { viewport: POCKET });
  const region = page.getByRole('region', { name: '카메라 현황' });
  await region.focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.activeElement.scrollLeft > 0);
  await choose(page, file('warning'));
  await announcing(page).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), '공고', 'back to where it was');
  await page.getByRole('link', { name: '제1판' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('row').filter({ hasText: '제1판' }).getByText('보는 중').waitFor();
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`text, draft and question are accessible and fit at ${size}, in both languages`, async () => {
    for (const language of ['ko', 'en']) {
      world.policies = [];
      announce(world, { mended: [{ found: '과장', now: '총무과장' }] });
      const page = await as('manager', { viewport, language });
      await page.getByRole('article').waitFor();
      await page.locator('summary').last().click();
      await sound(page, 'the text');
      await choose(page, file('warning error looser'));
      await page.getByText(/서식의 빈칸|blank of a template/).waitFor();
      await page.locator('summary').first().click();
      await sound(page, 'a draft with errors');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
      await choose(page, file('warning'));
      await announcing(page).click();
      await sound(page, 'the question');
    }
  });
}

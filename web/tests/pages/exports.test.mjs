// Exports: prepared, looked at by two people, sealed, handed out, revoked; and who may only look.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { keep } from '../../dev/exports.mjs';
import { startMock } from '../../dev/mock.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
after(() => mock.close());

const MINUTE_MS = 60_000;
const iso = (ms) => new Date(ms).toISOString();
function granted(kind, mayBeWhole) {
  const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 180 * MINUTE_MS;
  const { id, name } = world.cameras[1];
  return { kind, id: '2026-1', cameras: [{ id, name }], from: iso(from), until: iso(from + 10 * MINUTE_MS), may_be_whole: mayBeWhole };
}

beforeEach(() => {
  world.broken = [];
  Object.assign(world.exports, { cases: [granted('request', false)], preparing: [], copies: [], sealed: [], maskIsThere: true });
});

async function as(name, options) {
  const page = await open(`${mock.address}/#/exports`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { name: '내보낼 수 있는 건' }).waitFor();
  return page;
}

test('two people look at a copy, agree to it, and it leaves as one file', async () => {
  const officer = await as('officer');
  await officer.getByRole('button', { name: '가린 작업본 만들기' }).click();
  const card = officer.getByRole('article', { name: '청구 2026-1', exact: true });
  await card.waitFor();
  assert.equal(await officer.getByRole('button', { name: '가리지 않은' }).count(), 0, 'a person\'s own copy is masked');
  const propose = card.getByRole('button', { name: '승인 올리기' });
  assert.ok(await propose.isDisabled(), 'nobody proposes what he has not looked at');
  await card.getByRole('button', { name: '영상 1 보기' }).click();
  await card.locator('video').waitFor();
  await officer.waitForFunction(() => document.querySelector('video')?.videoWidth > 0);
  await propose.click();
  await officer.getByLabel('확인한 것').fill('청구인만 보임');
  await officer.getByRole('button', { name: '올리기', exact: true }).click();
  await card.getByText('다른 사람의 승인을 기다립니다', { exact: false }).waitFor();
  assert.equal(await card.getByRole('button', { name: '승인', exact: true }).count(), 0, 'not his own');

  const manager = await as('manager');
  const theirs = manager.getByRole('article', { name: '청구 2026-1', exact: true });
  const approve = theirs.getByRole('button', { name: '승인', exact: true });
  assert.ok(await approve.isDisabled());
  await theirs.getByRole('button', { name: '영상 1 보기' }).click();
  await approve.click();
  await manager.getByText('승인했습니다').waitFor();

  await card.getByRole('button', { name: '봉인' }).click();
  const dialog = officer.getByRole('dialog');
  await dialog.getByText('7KQX-M2RD-9TWP-4HVN-C6BZ').waitFor();
  const download = officer.waitForEvent('download');
  await dialog.getByRole('button', { name: '파일 받기' }).click();
  assert.match((await download).suggestedFilename(), /^jikim-\d{4}-\d+\.html$/);
  await dialog.getByRole('button', { name: '암호를 적었습니다' }).click();
  assert.equal(await officer.getByText('7KQX').count(), 0, 'shown once');
  assert.equal(await card.count(), 0, 'the working copy is gone');

  await officer.getByRole('button', { name: '철회' }).click();
  await officer.getByLabel('까닭').fill('잘못 보냄');
  await officer.getByRole('dialog').getByRole('button', { name: '철회', exact: true }).click();
  await officer.getByText('철회함').waitFor();
});

test('what stands in the way is told, and what does not come', async () => {
  Object.assign(world.exports, { maskIsThere: false, cases: [granted('disclosure', true)] });
  world.exports.preparing = [{ kind: 'disclosure', id: '2026-1', started_at: iso(Date.now()), percent: null, failed: 'mask-missing' }];
  keep(world, { kind: 'disclosure', id: '2026-1', masked: false });
  const officer = await as('officer');
  assert.ok(await officer.getByRole('button', { name: '가린 작업본 만들기' }).isDisabled());
  assert.ok(await officer.getByRole('button', { name: '가리지 않은 작업본 만들기' }).isEnabled());
  await officer.getByText('사람을 가리는 프로그램이 답하지 않습니다', { exact: false }).first().waitFor();
  await officer.getByRole('button', { name: '작업본 파기' }).click();
  await officer.getByRole('dialog').getByRole('button', { name: '파기', exact: true }).click();
  await officer.getByText('작업본을 열쇠와 함께 파기했습니다').waitFor();
  world.broken = ['/exports'];
  await officer.reload();
  await officer.getByRole('button', { name: /^다시/ }).waitFor();
});

for (const [name, viewport] of Object.entries({ desk: DESK, pocket: POCKET })) {
  test(`it reads well: ${name}`, async () => {
    keep(world, { kind: 'request', id: '2026-1', masked: true });
    const page = await as('officer', { viewport });
    await page.getByRole('button', { name: '영상 1 보기' }).waitFor();
    await sound(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.ok(!wide, 'nothing reaches beyond the screen');
  });
}

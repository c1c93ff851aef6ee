// Single minutes destroyed before their time: proposed, approved by another, a day later carried out.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { place } from '../../dev/holds.mjs';
import { startMock } from '../../dev/mock.mjs';
import { decide, proposeMinutes } from '../../dev/proposals.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, goTo, POCKET, signIn, withBrowser } from '../browser.mjs';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
const { witnessing } = world;
after(() => mock.close());
beforeEach(() => {
  Object.assign(world, { proposals: [], holds: [], destroyed: [], silent: false, witnessing });
});

const person = (name) => world.accounts.find((account) => account.name === name);
const iso = (ms) => new Date(ms).toISOString();
const fromMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 3 * HOUR_MS;

function asked(name = 'officer', reason = '삭제 청구 2026-31') {
  return proposeMinutes(world, person(name), { cameras: [world.cameras[1].id], from: iso(fromMs), to: iso(fromMs + 10 * MINUTE_MS), reason });
}

/** Approved, so long ago. */
function approved(agoMs) {
  const proposal = asked();
  decide(world, person('manager'), proposal, true);
  proposal.decidedMs -= agoMs;
  proposal.atMs -= agoMs;
  proposal.untilMs -= agoMs;
  return proposal;
}

async function as(name, options) {
  const page = await open(`${mock.address}/#/approvals`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('region', { name: /디스크가 가득 찰 때|When the disk is full/ }).waitFor();
  return page;
}

/** As a field of day and minute takes it: the browser's zone is ours. */
function field(ms) {
  const at = new Date(ms);
  const two = (value) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

test('k9 they are proposed with all of it said, and one person destroys nothing', async () => {
  const page = await as('officer');
  await page.getByRole('button', { name: '일부 영상 파기 요청' }).click();
  const dialog = page.getByRole('dialog');
  assert.match(await dialog.innerText(), /되돌릴 수 없습니다[\s\S]*관리책임자[\s\S]*하루가 지나면[\s\S]*보전된 영상/);
  await dialog.getByLabel('영상 시작').fill(field(fromMs));
  await dialog.getByLabel('영상 끝').fill(field(fromMs + 10 * MINUTE_MS));
  await dialog.getByLabel('사유').fill('삭제 청구 2026-31');
  await dialog.getByRole('button', { name: '승인 요청' }).click();
  await dialog.getByText('카메라를 하나 이상 고르십시오').waitFor();
  assert.equal(world.proposals.length, 0, 'not without a camera');
  await dialog.getByLabel('로비').check();
  await dialog.getByText('로비 영상 있음').waitFor();
  await dialog.getByRole('button', { name: '승인 요청' }).click();
  await page.getByText(/승인 요청\(\d{4}\/\d+\)을 올렸습니다/).waitFor();
  const item = page.getByRole('article');
  const text = await item.innerText();
  for (const part of ['로비 · 일부 영상 파기', '(10분)', '영구 파기', '승인하고 하루 뒤부터', '삭제 청구 2026-31']) assert.ok(text.includes(part), `${part} in ${text}`);
  assert.deepEqual(await item.getByRole('button').allInnerTexts(), ['철회'], 'nobody approves what he proposed');
  assert.equal(world.destroyed.length, 0);
});

test('k9 approving destroys nothing: it says from when, and nobody is offered more within the day', async () => {
  asked();
  const page = await as('manager');
  await page.getByRole('article').getByRole('button', { name: '승인' }).click();
  const dialog = page.getByRole('dialog');
  assert.match(await dialog.innerText(), /지금 파기되지는 않습니다[\s\S]*사라집니다[\s\S]*로비[\s\S]*10분[\s\S]*남습니다/);
  await dialog.getByRole('button', { name: '승인', exact: true }).click();
  await page.getByText('하루가 지난 뒤에 두 사람 중 한 사람이 파기할 수 있습니다').first().waitFor();
  const item = page.getByRole('article');
  assert.match(await item.innerText(), /승인됨, 시행 전[\s\S]*부터[\s\S]*1일 뒤부터 두 사람 중 한 사람이[\s\S]*보전하면 파기되지 않습니다/);
  assert.equal(await item.getByRole('button').count(), 0);
  const { entry } = world.proposals[0];
  const status = await page.evaluate(async (number) => {
    const headers = { 'X-Jikim-Request': '1' };
    return (await fetch(`/api/v1/single-minutes/${number}/carry-out`, { method: 'POST', headers })).status;
  }, entry);
  assert.equal(status, 409, 'nor does the server');
  assert.equal(world.destroyed.length, 0);
});

test('k9 a day later one of the two destroys it after a clear question; a third is not asked', async () => {
  approved(DAY_MS + MINUTE_MS);
  const third = await as('admin');
  await third.getByRole('article').getByText('요청한 사람이나 승인한 사람이').waitFor();
  assert.equal(await third.getByRole('article').getByRole('button').count(), 0);

  const page = await as('officer');
  await page.getByRole('article').getByRole('button', { name: '파기' }).click();
  const dialog = page.getByRole('dialog');
  const destroy = dialog.getByRole('button', { name: '파기', exact: true });
  assert.match(await dialog.innerText(), /지금 파기합니다\. 되돌릴 수 없습니다[\s\S]*사라집니다[\s\S]*로비[\s\S]*남습니다[\s\S]*앞뒤 시간의 영상/);
  assert.ok(await destroy.isDisabled(), 'not before it was understood');
  await dialog.getByLabel('되돌릴 수 없음을 알고 있습니다').check();
  await destroy.click();
  await page.getByText('영상을 파기했습니다').waitFor();
  assert.equal(world.destroyed.length, 1);
  assert.match(await page.getByRole('row').filter({ hasText: '로비' }).innerText(), /10분\) 파기[\s\S]*시행됨/);
  await goTo(page, '원장');
  await page.getByRole('row').filter({ hasText: '키 파기' }).first().waitFor();
  await page.getByRole('row').filter({ hasText: '일부 영상 파기' }).filter({ hasText: '행위' }).waitFor();
  // What is gone is shown as gone, and what is beside it is not.
  await page.evaluate(([id, ms]) => (location.hash = `/footage?camera=${id}&at=${ms}`), [world.cameras[1].id, fromMs + 5 * MINUTE_MS]);
  await page.getByText('이미 파기되었습니다').waitFor();
  assert.equal(await page.locator('.track .gone').count(), 1);
});

test('what stands in the way is said in words, and the approval is not used up', async () => {
  approved(DAY_MS + MINUTE_MS);
  const until = iso(Date.now() + DAY_MS);
  const hold = place(world, person('manager'), { case: '2026-120', cameras: [world.cameras[1].id], from: iso(fromMs), to: iso(fromMs + MINUTE_MS), until, purpose: { kind: 'incident', note: '확인' } });
  const page = await as('manager');
  const dialog = page.getByRole('dialog');
  await page.getByRole('article').getByRole('button', { name: '파기' }).click();
  await dialog.getByLabel('되돌릴 수 없음을 알고 있습니다').check();
  const destroy = dialog.getByRole('button', { name: '파기', exact: true });
  await destroy.click();
  await dialog.getByRole('alert').getByText('사건 때문에 보전되어 있어').waitFor();
  hold.untilMs = Date.now();
  world.witnessing = null;
  await destroy.click();
  await dialog.getByRole('alert').getByText('원장에 증인이 없어').waitFor();
  assert.equal(world.destroyed.length, 0);
  world.witnessing = witnessing;
  world.silent = true;
  await destroy.click();
  await dialog.getByRole('alert').getByText('증인들이 제때 서명하지 않아').waitFor();
  await dialog.getByText('상태가 바뀌었습니다').waitFor();
  await dialog.getByRole('button', { name: '닫기' }).last().click();
  await page.getByText('다시 하려면 새로 올리십시오').waitFor();
  assert.equal(world.destroyed.length, 0, 'without a cosignature nothing goes');
});

test('one whose time runs out before its day is not approved', async () => {
  asked().untilMs = Date.now() + DAY_MS - MINUTE_MS;
  const page = await as('manager');
  const item = page.getByRole('article');
  await item.getByText('승인해도 파기할 수 없습니다').waitFor();
  assert.deepEqual(await item.getByRole('button').allInnerTexts(), ['반려']);
});

test('it is proposed from the footage that is looked at, by whom the rules let, and by nobody else', async () => {
  const page = await open(mock.address);
  await signIn(page, 'officer', PASSWORD);
  await page.evaluate(([id, ms]) => (location.hash = `/footage?camera=${id}&at=${ms}`), [world.cameras[1].id, fromMs + 5 * MINUTE_MS]);
  await page.getByRole('button', { name: '파기 요청' }).click();
  const dialog = page.getByRole('dialog');
  assert.ok(await dialog.getByLabel('로비').isChecked());
  assert.equal(await dialog.getByLabel('영상 시작').inputValue(), field(fromMs));
  await dialog.getByLabel('사유').fill('삭제 청구');
  await dialog.getByRole('button', { name: '승인 요청' }).click();
  await page.getByRole('link', { name: '승인 화면에서 보기' }).click();
  await page.getByRole('article').filter({ hasText: '삭제 청구' }).waitFor();

  const operator = await open(`${mock.address}/#/footage`);
  await signIn(operator, 'operator', PASSWORD);
  await operator.getByRole('slider').waitFor();
  assert.equal(await operator.getByRole('button', { name: '파기 요청' }).count(), 0);
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`proposal, form and questions are accessible and fit at ${size}, in both languages`, async () => {
    for (const language of ['ko', 'en']) {
      world.proposals = [];
      approved(DAY_MS + MINUTE_MS);
      approved(HOUR_MS);
      asked('admin');
      const page = await as('manager', { viewport, language });
      await page.getByRole('article').nth(2).waitFor();
      await sound(page, 'the list');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
      await page.getByRole('article').getByRole('button', { name: /^(파기|Destroy)$/ }).click();
      await sound(page, 'the destroying');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^(일부 영상 파기 요청|Propose to destroy some footage)$/ }).click();
      await page.getByRole('dialog').waitFor();
      await sound(page, 'the form');
    }
  });
}

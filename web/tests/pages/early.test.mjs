// The rule on early destruction: proposed, approved by another, standing, taken back, and said.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { decide, proposeEarly } from '../../dev/proposals.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, goTo, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => {
  world.proposals = [];
  Object.assign(world.early, { proposal: null, in_force_from: null, last_act: null, last_at: null });
});

const person = (name) => world.accounts.find((account) => account.name === name);
const rule = (page) => page.getByRole('region', { name: /디스크가 가득 찰 때|When the disk is full/ });

async function as(name, options) {
  const page = await open(`${mock.address}/#/approvals`, options);
  await signIn(page, name, PASSWORD);
  await rule(page).waitFor();
  return page;
}

test('it is proposed with a reason and says what it does; nothing is allowed by one person', async () => {
  const page = await as('admin');
  assert.match(await rule(page).innerText(), /조기 파기 규칙 없음[\s\S]*녹화를 멈추며 경보[\s\S]*마지막 조기 파기\s*없음/);
  await rule(page).getByRole('button', { name: '조기 파기 규칙 요청' }).click();
  const dialog = page.getByRole('dialog');
  assert.match(await dialog.innerText(), /하루가 지나면[\s\S]*되돌릴 수 없습니다[\s\S]*법정 최소[\s\S]*관리책임자/);
  await dialog.getByRole('button', { name: '승인 요청' }).click();
  assert.equal(world.proposals.length, 0, 'not without a reason');
  await dialog.getByLabel('사유').fill('디스크 증설 전까지');
  await dialog.getByRole('button', { name: '승인 요청' }).click();
  await page.getByText(/승인 요청\(\d{4}\/\d+\)을 올렸습니다/).waitFor();
  assert.equal(world.early.proposal, null);
  const item = page.getByRole('article');
  assert.match(await item.innerText(), /모든 카메라 · 조기 파기 허용[\s\S]*오래된 영상부터 조기 파기[\s\S]*디스크 증설 전까지/);
  assert.deepEqual(await item.getByRole('button').allInnerTexts(), ['철회'], 'nobody approves what he proposed');
  await rule(page).getByText('아래에서 승인을 기다립니다').waitFor();
  assert.equal(await rule(page).getByRole('button').count(), 0, 'one proposal of it is enough');
});

test('another person approves it after all of it was said; it stands, and one person takes it back', async () => {
  proposeEarly(world, person('admin'), '디스크 증설 전까지');
  const page = await as('manager');
  await page.getByRole('article').getByRole('button', { name: '승인' }).click();
  const dialog = page.getByRole('dialog');
  assert.match(await dialog.innerText(), /박서준의 요청을 승인하여[\s\S]*약속한 보관 기간보다 일찍 파기/);
  assert.equal(world.early.proposal, null, 'nothing before the answer');
  await dialog.getByRole('button', { name: '승인', exact: true }).click();
  await page.getByText('하루 뒤부터 시행됩니다', { exact: false }).first().waitFor();
  assert.equal(world.early.proposal, world.proposals[0].entry);
  await rule(page).getByText('조기 파기 규칙 있음').waitFor();
  assert.match(await rule(page).innerText(), /부터/);
  assert.match(await page.getByRole('row').filter({ hasText: '모든 카메라' }).innerText(), /디스크가 찰 때 조기 파기[\s\S]*시행됨/);

  const officer = await as('officer');
  await rule(officer).getByRole('button', { name: '규칙 철회' }).click();
  await officer.getByRole('dialog').getByText('되돌아오지 않습니다').waitFor();
  await officer.getByRole('dialog').getByRole('button', { name: '철회' }).click();
  await officer.getByText('조기 파기 규칙을 철회했습니다').waitFor();
  assert.equal(world.early.proposal, null);
  await goTo(officer, '원장');
  await officer.getByRole('row').filter({ hasText: '조기 파기 규칙 철회' }).first().waitFor();
  await officer.getByRole('row').filter({ hasText: '조기 파기 규칙 변경' }).first().waitFor();
});

test('that footage was destroyed early is said with its entry; who only reads changes nothing', async () => {
  Object.assign(world.early, { last_act: '2026/3', last_at: new Date().toISOString() });
  decide(world, person('manager'), proposeEarly(world, person('admin'), '증설 전'), true);
  const inspector = person('contractor');
  inspector.roles = ['inspector'];
  try {
    const page = await as('contractor');
    await rule(page).getByRole('link', { name: '2026/3', exact: true }).waitFor();
    await rule(page).getByText('조기 파기 규칙 있음').waitFor();
    assert.equal(await rule(page).getByRole('button').count(), 0);
  } finally {
    inspector.roles = ['contractor'];
  }
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`the rule and its questions are accessible and fit at ${size}, in both languages`, async () => {
    for (const language of ['ko', 'en']) {
      world.proposals = [];
      Object.assign(world.early, { proposal: null, in_force_from: null });
      const page = await as('manager', { viewport, language });
      await rule(page).getByRole('button').click();
      await sound(page, 'the proposing');
      await page.keyboard.press('Escape');
      decide(world, person('manager'), proposeEarly(world, person('admin'), 'disk'), true);
      proposeEarly(world, person('officer'), 'disk');
      await page.reload();
      await page.getByRole('article').waitFor();
      await sound(page, 'a standing rule');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
    }
  });
}

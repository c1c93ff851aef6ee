// Acts that take two people: proposing, approving, refusing, taking back.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { decide, propose } from '../../dev/proposals.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, goTo, POCKET, signIn, withBrowser } from '../browser.mjs';

const DAY_S = 86_400;
const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
after(() => mock.close());

beforeEach(() => {
  world.broken = [];
  world.proposals = [];
  world.stumbles = false;
  for (const camera of world.cameras) Object.assign(camera, { retention_max_s: 30 * DAY_S, retention_min_s: 0, retired_at: null });
});

const person = (name) => world.accounts.find((account) => account.name === name);
const kept = (index) => world.cameras[index].retention_max_s;
const asked = (name, index, days, reason = '2026-117 수사 협조') =>
  propose(world, person(name), { camera: world.cameras[index].id, retention_max_s: days * DAY_S, reason });

async function as(name, place = '승인', options) {
  const page = await open(mock.address, options);
  await signIn(page, name, PASSWORD);
  await goTo(page, place);
  return page;
}

/** The dialog of a camera, at its retention. */
async function retention(name, camera = '로비') {
  const page = await as(name, '카메라');
  await page.getByRole('button', { name: `${camera} 자세히` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '보관 기간 변경' }).click();
  return { page, dialog, length: dialog.getByLabel('새 보관 기간') };
}

test('longer is proposed with a reason, and nothing changes until another person approves', async () => {
  const { page, dialog, length } = await retention('admin');
  assert.equal(await length.inputValue(), '30');
  assert.ok(await dialog.getByRole('button', { name: '변경', exact: true }).isDisabled(), 'the same is nothing to send');
  await length.fill('60');
  await dialog.getByText('두 사람이 필요합니다').waitFor();
  await dialog.getByRole('button', { name: '승인 요청' }).click();
  assert.equal(world.proposals.length, 0, 'not without a reason');
  await dialog.getByLabel('늘리는 사유').fill('2026-117 수사 협조');
  await dialog.getByRole('button', { name: '승인 요청' }).click();
  await dialog.getByText(/승인 요청\(\d{4}\/\d+\)을 올렸습니다/).waitFor();
  assert.equal(kept(1), 30 * DAY_S);
  await dialog.getByRole('link', { name: '승인 화면에서 보기' }).click();
  const item = page.getByRole('article');
  const text = await item.innerText();
  for (const part of ['로비 · 보관 기간 연장', '승인 대기', '최장 30일', '최장 60일', '2026-117 수사 협조', '박서준', '(나)']) assert.ok(text.includes(part), part);
  await item.getByText('다른 사람이 승인해야 합니다').waitFor();
  assert.deepEqual(await item.getByRole('button').allInnerTexts(), ['철회']);
  const { status } = await page.evaluate(async (entry) => {
    const headers = { 'X-Jikim-Request': '1', 'Content-Type': 'application/json' };
    return { status: (await fetch(`/api/v1/proposals/${entry}/decide`, { method: 'POST', headers, body: '{"approves":true}' })).status };
  }, world.proposals[0].entry);
  assert.equal(status, 403, "one's own is not approved however asked");
});

test('shorter is at once and the manager’s alone; the statute’s minimum holds', async () => {
  world.cameras[1].retention_min_s = 7 * DAY_S;
  const officer = await retention('officer');
  await officer.length.fill('10');
  await officer.dialog.getByText('관리책임자만 할 수 있습니다').waitFor();
  assert.ok(await officer.dialog.getByRole('button', { name: '변경', exact: true }).isDisabled());

  const { page, dialog, length } = await retention('manager');
  await length.fill('3');
  await dialog.getByText('법정 최소 기간 7일보다 짧게').waitFor();
  world.cameras[1].retention_policy_s = 30 * DAY_S;
  const governed = await retention('manager');
  await governed.length.fill('31');
  await governed.dialog.getByText('방침의 보관기간 30일보다 길게 할 수 없습니다').waitFor();
  world.cameras[1].retention_policy_s = null;
  await length.fill('4000');
  await dialog.getByText('3650일까지').waitFor();
  await length.fill('240');
  await dialog.getByLabel('단위').selectOption({ label: '시간' });
  await dialog.getByText('지금부터 녹화되는 영상에만 적용되며 바로 바뀝니다').waitFor();
  assert.equal(await dialog.getByLabel('늘리는 사유').count(), 0);
  await dialog.getByRole('button', { name: '바로 줄이기' }).click();
  await dialog.getByText('최장 10일, 최소 7일').waitFor();
  assert.equal(kept(1), 10 * DAY_S);
  await page.keyboard.press('Escape');
  await page.getByText('로비의 보관 기간을 10일로 줄였습니다.').waitFor();
});

test('an operator is not offered it, and a retired camera offers it to nobody', async () => {
  const operator = await as('operator', '카메라');
  await operator.getByRole('button', { name: '로비 자세히' }).click();
  assert.equal(await operator.getByRole('button', { name: '보관 기간 변경' }).count(), 0);
  world.cameras[1].retired_at = new Date().toISOString();
  const manager = await as('manager', '카메라');
  await manager.getByRole('button', { name: '로비 자세히' }).click();
  await manager.getByRole('dialog').getByText('운영 종료').waitFor();
  assert.equal(await manager.getByRole('button', { name: '보관 기간 변경' }).count(), 0);
});

test('another person approves after a question in words, and it is carried out at once', async () => {
  const proposal = asked('admin', 1, 60);
  const page = await as('manager');
  await page.getByRole('article').getByRole('button', { name: '승인' }).click();
  const dialog = page.getByRole('dialog');
  assert.match(await dialog.innerText(), /박서준의 요청을 승인합니다\. 로비 카메라의 보관 기간이 최장 30일에서 60일로[\s\S]*2026-117/);
  assert.equal(kept(1), 30 * DAY_S, 'nothing before the answer');
  await dialog.getByRole('button', { name: '승인', exact: true }).click();
  await page.getByText('로비 카메라의 보관 기간이 최장 60일로 바뀌었습니다.').waitFor();
  assert.equal(kept(1), 60 * DAY_S);
  const row = page.getByRole('row').filter({ hasText: proposal.entry });
  assert.match(await row.innerText(), /로비[\s\S]*박서준[\s\S]*시행됨[\s\S]*김하늘/);
  await page.getByText('결정을 기다리는 요청이 없습니다').waitFor();

  await row.getByRole('link', { name: proposal.entry }).click();
  const entry = page.getByRole('dialog');
  await entry.getByText('camera.lengthen-retention').waitFor();
  await page.keyboard.press('Escape');
  const decision = page.getByRole('row').filter({ hasText: '승인 결정' }).first();
  assert.match(await decision.innerText(), new RegExp(`보관 기간 연장[\\s\\S]*승인[\\s\\S]*← ${proposal.entry}`));
  const act = page.getByRole('row').filter({ hasText: '행위' }).filter({ hasText: '보관 기간 연장' }).first();
  assert.match(await act.innerText(), new RegExp(`← ${proposal.entry}`));
  await act.getByRole('button').click();
  await page.getByRole('dialog').getByRole('link', { name: proposal.entry }).waitFor();
});

test('the navigation says how many requests wait for this person, and not one’s own', async () => {
  asked('admin', 1, 60);
  asked('officer', 2, 90);
  const link = (page) => page.getByRole('navigation').getByRole('link', { name: /승인/ });
  const manager = await as('manager', '카메라');
  await link(manager).getByText('2건 대기').waitFor();
  await goTo(manager, '승인');
  await manager.getByRole('article').first().getByRole('button', { name: '반려' }).click();
  await manager.getByRole('dialog').getByRole('button', { name: '반려' }).click();
  await goTo(manager, '카메라');
  await link(manager).getByText('1건 대기').waitFor();
  const operator = await as('operator', '카메라');
  assert.equal(await link(operator).count(), 0);
});

test('two without a manager are refused with a sentence, and the ledger says why', async () => {
  asked('admin', 1, 60);
  const page = await as('officer');
  await page.getByRole('article').getByRole('button', { name: '승인' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '승인', exact: true }).click();
  assert.match(await dialog.getByRole('alert').innerText(), /관리책임자여야 합니다/);
  assert.equal(kept(1), 30 * DAY_S);
  await page.keyboard.press('Escape');
  await page.getByRole('article').getByText('승인 대기').waitFor();
  await goTo(page, '원장');
  await page.getByRole('row').filter({ hasText: '거부' }).filter({ hasText: '관리책임자 없음' }).waitFor();
});

test('a proposal is refused by another person, or taken back by whoever made it', async () => {
  asked('admin', 1, 60);
  asked('manager', 2, 90, '축제 기간');
  const page = await as('manager');
  const article = (name) => page.getByRole('article').filter({ hasText: name });
  await article('로비').getByRole('button', { name: '반려' }).click();
  const dialog = page.getByRole('dialog');
  assert.match(await dialog.innerText(), /반려합니다[\s\S]*지금대로 최장 30일/);
  await dialog.getByRole('button', { name: '반려', exact: true }).click();
  await page.getByText(/승인 요청\(\d+\/\d+\)을 반려했습니다/).waitFor();
  await article('주차장 동쪽').getByRole('button', { name: '철회' }).click();
  await dialog.getByRole('button', { name: '철회', exact: true }).click();
  await page.getByText(/승인 요청\(\d+\/\d+\)을 철회했습니다/).waitFor();
  const row = (text) => page.getByRole('row').filter({ hasText: text });
  assert.match(await row('수사 협조').innerText(), /반려[\s\S]*김하늘/);
  assert.match(await row('축제 기간').innerText(), /철회/);
  assert.deepEqual([kept(1), kept(2)], [30 * DAY_S, 30 * DAY_S]);
});

test('an approval whose act failed is carried out later by one of the two', async () => {
  asked('admin', 1, 60);
  world.stumbles = true;
  const page = await as('manager');
  await page.getByRole('article').getByRole('button', { name: '승인' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '승인', exact: true }).click();
  assert.match(await dialog.getByRole('alert').innerText(), /원장에 기록할 수 없어/);
  await dialog.getByText('그사이 이 요청의 상태가 바뀌었습니다').waitFor();
  await dialog.getByRole('button', { name: '닫기' }).last().click();
  const item = page.getByRole('article');
  await item.getByText('승인됨, 시행 전').waitFor();
  assert.deepEqual(await item.getByRole('button').allInnerTexts(), ['시행']);
  const officer = await as('officer');
  await officer.getByRole('article').getByText('시행할 수 있습니다').waitFor();
  assert.equal(await officer.getByRole('article').getByRole('button').count(), 0, 'a third person has no part in it');
  world.stumbles = false;
  await item.getByRole('button', { name: '시행' }).click();
  await dialog.getByRole('button', { name: '시행', exact: true }).click();
  await page.getByText('최장 60일로 바뀌었습니다').waitFor();
  assert.equal(kept(1), 60 * DAY_S);
});

test('what was decided or overtaken meanwhile cannot be approved', async () => {
  const proposal = asked('admin', 1, 60);
  asked('officer', 2, 60);
  const page = await as('manager');
  await page.getByRole('article').filter({ hasText: '로비' }).getByRole('button', { name: '승인' }).click();
  decide(world, person('admin'), proposal, false);
  const dialog = page.getByRole('dialog');
  await dialog.getByText('그사이 이 요청의 상태가 바뀌었습니다').waitFor();
  assert.equal(await dialog.getByRole('button', { name: '승인', exact: true }).count(), 0);
  await page.keyboard.press('Escape');
  world.cameras[2].retention_max_s = 90 * DAY_S;
  const other = page.getByRole('article').filter({ hasText: '주차장 동쪽' });
  await other.getByText('더 늘어나지 않습니다').waitFor();
  assert.deepEqual(await other.getByRole('button').allInnerTexts(), ['반려']);
});

test('the keyboard alone proposes and approves', async () => {
  const admin = await as('admin', '카메라');
  const press = async (page, ...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const focus = (page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
  await admin.getByRole('button', { name: '정문 자세히' }).focus();
  await press(admin, 'Enter');
  for (let i = 0; i < 20 && (await focus(admin)) !== '보관 기간 변경'; i += 1) await press(admin, 'Tab');
  await press(admin, 'Enter');
  await admin.waitForFunction(() => document.activeElement?.getAttribute('type') === 'number');
  await press(admin, 'Control+a');
  await admin.keyboard.type('45');
  await press(admin, 'Tab', 'Tab');
  await admin.keyboard.type('정기 감사');
  await press(admin, 'Enter');
  await admin.waitForFunction(() => document.activeElement?.textContent?.includes('올렸습니다'));
  assert.equal(world.proposals[0].retention_max_s, 45 * DAY_S);

  const manager = await as('manager');
  await manager.getByRole('article').waitFor();
  for (let i = 0; i < 30 && (await focus(manager)) !== '반려'; i += 1) await press(manager, 'Tab');
  await press(manager, 'Tab', 'Enter');
  await manager.getByRole('dialog').waitFor();
  for (let i = 0; i < 5 && (await focus(manager)) !== '승인'; i += 1) await press(manager, 'Tab');
  await press(manager, 'Enter');
  await manager.waitForFunction(() => document.activeElement?.textContent?.includes('45일로 바뀌었습니다'));
  assert.equal(kept(0), 45 * DAY_S);
});

test('who may not sees no such page; an inspector reads and decides nothing', async () => {
  asked('admin', 1, 60);
  for (const name of ['operator', 'contractor']) {
    const page = await open(`${mock.address}/#/approvals`);
    await signIn(page, name, PASSWORD);
    await page.waitForFunction(() => location.hash !== '#/approvals');
    assert.equal(await page.getByRole('link', { name: '승인' }).count(), 0);
  }
  const contractor = person('contractor');
  contractor.roles = ['inspector'];
  try {
    const page = await as('contractor');
    await page.getByRole('article').getByText('승인 대기').waitFor();
    assert.equal(await page.getByRole('article').getByRole('button').count(), 0);
  } finally {
    contractor.roles = ['contractor'];
  }
});

test('nothing there, and not to be read, are both said', async () => {
  const page = await as('manager');
  await page.getByRole('heading', { name: '승인 요청이 없습니다' }).waitFor();
  world.broken = ['/proposals'];
  await page.reload();
  await page.getByRole('alert').waitFor();
  world.broken = [];
  await page.getByRole('button', { name: '다시 시도' }).click();
  await page.getByRole('heading', { name: '승인 요청이 없습니다' }).waitFor();
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`page and dialogs are accessible and fit at ${size}, in both languages`, async () => {
    decide(world, person('manager'), asked('admin', 0, 45), true);
    asked('manager', 2, 90);
    asked('admin', 1, 60);
    for (const language of ['ko', 'en']) {
      const page = await open(`${mock.address}/#/approvals`, { viewport, language });
      await signIn(page, 'manager', PASSWORD);
      await page.getByRole('article').first().waitFor();
      await sound(page, 'approvals');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
      const cut = await page.$$eval('nav a .name', (names) => names.filter((name) => name.getBoundingClientRect().right > innerWidth || name.getClientRects().length > 1 || name.offsetHeight > 30).map((name) => name.textContent));
      assert.deepEqual(cut, [], `whole names of pages in ${language}`);
      await page.getByRole('button', { name: /^(승인|Approve)$/ }).click();
      await sound(page, 'the question');
      await page.keyboard.press('Escape');
      await page.evaluate(() => (location.hash = '/cameras'));
      await page.getByRole('button', { name: /자세히|details/ }).first().click();
      await page.getByRole('button', { name: /보관 기간 변경|Change the retention/ }).click();
      await page.getByLabel(/새 보관 기간|To be kept/).fill('60');
      await page.getByLabel(/늘리는 사유|Why/).waitFor();
      await sound(page, 'the retention');
    }
  });
}

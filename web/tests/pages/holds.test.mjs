// Holds: placed for a case, seen to end, renewed, released; and who may only look.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { place, release } from '../../dev/holds.mjs';
import { startMock } from '../../dev/mock.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, goTo, POCKET, signIn, withBrowser } from '../browser.mjs';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;
const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => {
  world.holds = [];
  world.broken = [];
  for (const camera of world.cameras) camera.retired_at = null;
});

const person = (name) => world.accounts.find((account) => account.name === name);
const iso = (ms) => new Date(ms).toISOString();

/** A hold of ten minutes of the lobby, three hours ago, with so long to go. */
function held(name, { caseName = '2026-117 로비 도난', leftMs = 60 * DAY_MS, camera = 1 } = {}) {
  const from = Date.now() - 3 * HOUR_MS;
  return place(world, person(name), {
    case: caseName,
    cameras: [world.cameras[camera].id],
    from: iso(from),
    to: iso(from + 10 * MINUTE_MS),
    until: iso(Date.now() + leftMs),
    purpose: { kind: 'incident', note: '보험사 요청' },
  });
}

async function as(name, options) {
  const page = await open(`${mock.address}/#/holds`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { name: /^(보전 중|Held now) [0-9]/ }).waitFor();
  return page;
}

/** As a field of day and minute takes it: the browser's zone is ours. */
function field(ms) {
  const at = new Date(ms);
  const two = (value) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

test('a hold is placed with case, cameras, minutes, end and reason, and nothing less is sent', async () => {
  const page = await as('manager');
  await page.getByText('보전 중인 영상이 없습니다').waitFor();
  await page.getByRole('button', { name: '영상 보전' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('연장하지 않으면 그날 저절로 끝나고, 보관 기간이 지난 영상은 그때 파기됩니다', { exact: false }).waitFor();
  const send = dialog.getByRole('button', { name: '보전하기' });
  await dialog.getByLabel('사건').fill('2026-117 로비 도난');
  const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 3 * HOUR_MS;
  await dialog.getByLabel('영상 시작').fill(field(from));
  await dialog.getByLabel('영상 끝').fill(field(from + 10 * MINUTE_MS));
  await dialog.getByLabel('목적').selectOption('incident');
  await dialog.getByLabel('사유').fill('보험사 요청');
  await send.click();
  await dialog.getByText('카메라를 하나 이상 고르십시오').waitFor();
  assert.equal(world.holds.length, 0, 'not without a camera');
  await dialog.getByLabel('로비').check();
  await dialog.getByText('로비 영상 있음').waitFor();
  await dialog.getByLabel('영상 끝').fill(field(from + 5 * HOUR_MS));
  await dialog.getByText('4시간까지').waitFor();
  await dialog.getByLabel('영상 끝').fill(field(from - MINUTE_MS));
  await dialog.getByText('끝이 시작보다 늦어야').waitFor();
  await send.click();
  assert.equal(world.holds.length, 0, 'not backwards');
  await dialog.getByLabel('영상 끝').fill(field(from + 10 * MINUTE_MS));
  await dialog.getByRole('button', { name: '60일' }).click();
  await dialog.getByText('60일 남음').waitFor();
  await send.click();
  await page.getByRole('status').filter({ hasText: '영상을' }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.className.includes('told')), true, 'the keyboard goes on from what is said');
  const item = page.getByRole('article');
  const text = await item.innerText();
  for (const part of ['2026-117 로비 도난', '보전 중', '60일 남음', '로비', '(10분)', '사고 확인 · 보험사 요청', '김하늘']) assert.ok(text.includes(part), `${part} in ${text}`);
  const [hold] = world.holds;
  assert.deepEqual([hold.fromMs, hold.toMs - hold.fromMs], [from, 10 * MINUTE_MS]);
  await goTo(page, '원장');
  await page.getByRole('row').filter({ hasText: '보전 변경' }).first().waitFor();
  await page.getByRole('row').filter({ hasText: '영상 보전' }).first().waitFor();
});

test('what is gone already is said before it is sent', async () => {
  const page = await as('manager');
  await page.getByRole('button', { name: '영상 보전' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('로비').check();
  const long = Date.now() - 35 * DAY_MS;
  await dialog.getByLabel('영상 시작').fill(field(long));
  await dialog.getByLabel('영상 끝').fill(field(long + HOUR_MS));
  await dialog.getByText('로비 남은 영상 없음: 보관 기간이').waitFor();
});

test('an end that is near is said plainly, and is put off with a reason', async () => {
  held('manager', { caseName: '먼 일' });
  held('manager', { caseName: '곧 끝나는 일', leftMs: 10 * DAY_MS + HOUR_MS });
  held('manager', { caseName: '내일 끝나는 일', leftMs: 30 * HOUR_MS + MINUTE_MS });
  const page = await as('manager');
  const item = (name) => page.getByRole('article').filter({ hasText: name });
  assert.doesNotMatch(await item('먼 일').innerText(), /곧 끝남|연장하십시오/);
  assert.match(await item('곧 끝나는 일').innerText(), /곧 끝남[\s\S]*10일 남음[\s\S]*연장하십시오[\s\S]*되돌릴 수 없습니다/);
  assert.match(await item('내일 끝나는 일').innerText(), /곧 끝남[\s\S]*1일 6시간 남음/);
  await item('내일 끝나는 일').getByRole('button', { name: '연장' }).click();
  const dialog = page.getByRole('dialog');
  const send = dialog.getByRole('button', { name: '연장' });
  await send.click();
  assert.ok(await dialog.isVisible(), 'not without a reason');
  await dialog.getByLabel('사유').fill('수사가 이어짐');
  await dialog.getByLabel('보전이 끝나는 날').fill(field(Date.now()).slice(0, 10));
  await dialog.getByText('더 늦은 날을 고르십시오').waitFor();
  await dialog.getByLabel('보전이 끝나는 날').fill(field(Date.now() + 120 * DAY_MS).slice(0, 10));
  await dialog.getByText('90일 안에서').waitFor();
  await dialog.getByRole('button', { name: '30일' }).click();
  await send.click();
  await page.getByText('연장했습니다').waitFor();
  assert.match(await item('내일 끝나는 일').innerText(), /보전 중[\s\S]*30일 남음/);
});

test('one is released with a reason after what follows was said, and stands among the ended', async () => {
  held('manager');
  const lapsed = held('manager', { caseName: '지난 일' });
  lapsed.untilMs = Date.now() - DAY_MS;
  const page = await as('manager');
  await page.getByRole('article').getByRole('button', { name: '해제' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('되돌릴 수 없습니다', { exact: false }).waitFor();
  assert.equal(world.holds.filter((hold) => hold.released).length, 0, 'nothing before the answer');
  await dialog.getByLabel('사유').fill('사건 종결');
  await dialog.getByRole('button', { name: '해제' }).click();
  await page.getByText('보전을 해제했습니다').waitFor();
  await page.getByText('보전 중인 영상이 없습니다').waitFor();
  assert.equal(await page.getByRole('row').count(), 0, 'what ended is folded away');
  await page.getByText('끝난 보전').click();
  const row = (name) => page.getByRole('row').filter({ hasText: name });
  assert.match(await row('2026-117').innerText(), /해제됨[\s\S]*김하늘 · 사건 종결/);
  assert.match(await row('지난 일').innerText(), /기한이 지나 끝남/);
});

test('who may only look is told why, and the server takes nothing from them either', async () => {
  const hold = held('manager', { leftMs: 2 * DAY_MS });
  for (const [name, role] of [['officer', 'officer'], ['contractor', 'inspector']]) {
    person(name).roles = [role];
    try {
      const page = await as(name);
      await page.getByRole('article').waitFor();
      await page.getByText('관리책임자만 할 수 있습니다', { exact: false }).waitFor();
      await page.getByText('관리책임자에게 연장을 부탁하십시오', { exact: false }).waitFor();
      assert.equal(await page.getByRole('main').getByRole('button').count(), 0);
      const status = await page.evaluate(async (id) => {
        const headers = { 'X-Jikim-Request': '1', 'Content-Type': 'application/json' };
        return (await fetch(`/api/v1/holds/${id}/release`, { method: 'POST', headers, body: '{}' })).status;
      }, hold.id);
      assert.equal(status, 403);
    } finally {
      person('contractor').roles = ['contractor'];
    }
  }
  const operator = await open(mock.address);
  await signIn(operator, 'operator', PASSWORD);
  assert.equal(await operator.getByRole('navigation').getByRole('link', { name: '보전' }).count(), 0);
});

test('from the footage that is looked at, with its camera and minutes', async () => {
  const at = Math.floor((Date.now() - 3 * HOUR_MS) / MINUTE_MS) * MINUTE_MS + 20_000;
  const page = await open(mock.address);
  await signIn(page, 'manager', PASSWORD);
  await page.evaluate(([id, ms]) => (location.hash = `/footage?camera=${id}&at=${ms}`), [world.cameras[1].id, at]);
  await page.getByRole('button', { name: '보전하기' }).click();
  const dialog = page.getByRole('dialog');
  assert.ok(await dialog.getByLabel('로비').isChecked());
  assert.equal(await dialog.getByLabel('영상 시작').inputValue(), field(at - 5 * MINUTE_MS));
  assert.equal(await dialog.getByLabel('영상 끝').inputValue(), field(at + 5 * MINUTE_MS));
  await dialog.getByLabel('사건').fill('2026-118');
  await dialog.getByLabel('목적').selectOption('incident');
  await dialog.getByLabel('사유').fill('확인 중');
  await dialog.getByRole('button', { name: '보전하기' }).click();
  await page.getByRole('link', { name: '보전 화면에서 보기' }).click();
  await page.getByRole('article').filter({ hasText: '2026-118' }).waitFor();
  assert.equal(world.holds.length, 1);

  const officer = await open(`${mock.address}/#/footage`);
  await signIn(officer, 'officer', PASSWORD);
  await officer.getByRole('slider').waitFor();
  assert.equal(await officer.getByRole('button', { name: '보전하기' }).count(), 0, 'the manager alone holds');
});

test('a failing list says so and comes back; a refusal stays in its dialog', async () => {
  held('manager');
  world.broken = ['/holds'];
  const page = await open(`${mock.address}/#/holds`);
  await signIn(page, 'manager', PASSWORD);
  await page.getByRole('alert').getByText('녹화기 내부에 문제가').waitFor();
  world.broken = [];
  await page.getByRole('button', { name: '다시 시도' }).click();
  await page.getByRole('article').getByRole('button', { name: '해제' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('사유').fill('사건 종결');
  release(world, person('manager'), world.holds[0], { kind: 'incident', note: '다른 화면에서' });
  await dialog.getByRole('button', { name: '해제' }).click();
  await dialog.getByRole('alert').getByText('이미 그렇게 되어 있거나').waitFor();
});

test('by the keyboard alone', async () => {
  held('manager');
  const page = await as('manager');
  await page.getByRole('article').getByRole('button', { name: '해제' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('보전이 끝나는 날').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), '연장', 'back to where it was');
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`list, form and questions are accessible and fit at ${size}, in both languages`, async () => {
    for (const language of ['ko', 'en']) {
      world.holds = [];
      held('manager', { caseName: '2026-120 정문 앞 폭행, 중부경찰서 형사과 요청 제2026-3381호' });
      held('manager', { leftMs: 10 * DAY_MS });
      held('manager', { leftMs: DAY_MS });
      release(world, person('manager'), held('manager', { caseName: '끝난 일' }), { kind: 'incident', note: '종결' });
      const page = await as('manager', { viewport, language });
      await page.locator('summary').click();
      await sound(page, 'the list');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
      await page.getByRole('button', { name: /^(영상 보전|Hold footage)$/ }).click();
      await sound(page, 'the form');
      await page.keyboard.press('Escape');
      for (const step of [/연장|Renew/, /해제|Release/]) {
        await page.getByRole('article').first().getByRole('button', { name: step }).click();
        await sound(page, String(step));
        await page.keyboard.press('Escape');
      }
    }
  });
}

// Recorded footage: purpose, timeline, playing in step.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { goTo, moving, POCKET, withBrowser } from '../browser.mjs';
import { clockMs, commandsOf, footageOn, HOUR_MS, noonMs, play, times } from '../playing.mjs';

const open = withBrowser();
const mock = await startMock();
after(() => mock.close());
const footage = footageOn(open, mock);

beforeEach(() => {
  mock.world.acts.length = 0;
  mock.world.cameras.forEach((camera, i) => {
    mock.world.gaps.set(camera.id, i === 1 ? [{ from: noonMs + 6000, to: noonMs + 12_000, cause: 'camera-silent' }] : []);
  });
});

const idOf = (index) => mock.world.cameras[index].id;

test('nothing plays before a purpose; it is asked once, shown, and in the ledger', async () => {
  const page = await footage([0]);
  await page.getByRole('button', { name: '▶ 재생' }).click();
  await page.getByRole('dialog').waitFor();
  assert.equal(mock.world.acts.length, 0);
  await page.keyboard.press('Escape');
  assert.equal(mock.world.acts.length, 0);
  await play(page);
  await moving(page, 1);
  assert.match(await page.locator('.purpose').innerText(), /사고 확인 · 2026-117/);
  assert.deepEqual(mock.world.acts[0].purpose, { kind: 'incident', note: '2026-117' });
  await page.getByRole('button', { name: '끝내기' }).click();
  await page.getByRole('button', { name: '▶ 재생' }).click();
  await moving(page, 1);
  assert.equal(mock.world.acts.length, 2, 'playing again is an act, under the same purpose');
  await goTo(page, '원장');
  await page.getByRole('row').filter({ hasText: '녹화 영상 재생' }).first().getByRole('button').click();
  await page.getByRole('dialog').getByText('사고 확인 · 2026-117').waitFor();
});

test('the clock is the true time of the picture, and several cameras stay in step', async () => {
  const page = await footage([0, 2, 3]);
  await play(page);
  await moving(page, 3);
  await page.waitForTimeout(2500);
  const [a, b, c] = await times(page);
  assert.ok(Math.abs(a - b) < 0.25 && Math.abs(a - c) < 0.25, `tiles at ${a}, ${b}, ${c}`);
  const at = await clockMs(page);
  assert.ok(at > noonMs && at < noonMs + 30_000, `the clock says ${new Date(at).toISOString()}`);
  const dayStart = new Date(noonMs).setHours(0, 0, 0, 0);
  assert.ok(Math.abs(dayStart + a * 1000 - at) < 2000, 'clock and picture agree');
});

test('keys step and pause; what is buffered is not asked for again', async () => {
  const page = await footage([0]);
  await play(page);
  await moving(page, 1);
  await page.keyboard.press(' ');
  await page.getByRole('button', { name: '재생', exact: true }).waitFor();
  const [paused] = await times(page);
  await page.waitForTimeout(800);
  const before = await clockMs(page);
  assert.ok(Math.abs((await times(page))[0] - paused) < 0.1);
  await page.keyboard.press('ArrowRight');
  assert.equal((await clockMs(page)) - before, 5000);
  await page.keyboard.press('Shift+ArrowRight');
  await page.waitForTimeout(1500);
  assert.equal((await clockMs(page)) - before, 65_000);
  await page.keyboard.press(' ');
  await moving(page, 1);
  assert.equal(mock.world.acts.length, 1);
});

test('the timeline seeks far away within the act', async () => {
  const page = await footage([0, 2]);
  await play(page);
  await moving(page, 2);
  await page.getByRole('button', { name: '1일' }).click();
  const box = await page.getByRole('slider').boundingBox();
  await page.mouse.click(box.x + box.width * 0.75, box.y + 10);
  await moving(page, 2);
  const at = await clockMs(page);
  assert.ok(Math.abs(at - (noonMs + 6 * HOUR_MS)) < 10 * 60_000, new Date(at).toISOString());
  assert.equal(mock.world.acts.length, 1);
});

const sliderMs = async (page) =>
  new Date((await page.getByRole('slider').getAttribute('aria-valuetext')).replace(' ', 'T')).getTime();
/** The slider comes to a place: what a pointer did reaches the page a moment later. */
async function sliderNears(page, wanted) {
  const until = Date.now() + 5000;
  while (Math.abs((await sliderMs(page)) - wanted) >= 10 * 60_000 && Date.now() < until) await page.waitForTimeout(50);
  near(await sliderMs(page), wanted);
}
const near = (at, wanted) => assert.ok(Math.abs(at - wanted) < 10 * 60_000, new Date(at).toISOString());

test('dragging moves the play head, says the moment, and seeks once on release', async () => {
  const page = await footage([0]);
  const seeks = commandsOf(page, 'seek');
  await play(page);
  await moving(page, 1);
  await page.getByRole('button', { name: '1일' }).click();
  const row = await page.locator('.track').boundingBox();
  const xAt = (share) => row.x + row.width * share;
  await page.mouse.move(xAt(0.5), row.y + 15);
  await page.mouse.down();
  await page.mouse.move(xAt(0.6), row.y + 15, { steps: 5 });
  // Far above the rows: the pointer is held all the same.
  await page.mouse.move(xAt(0.25), row.y - 200, { steps: 10 });
  await sliderNears(page, noonMs - 6 * HOUR_MS);
  assert.match(await page.locator('.moment').innerText(), /^0[56]:\d\d:\d\d$/);
  assert.match(await page.locator('.readout').innerText(), /0[56]:\d\d:\d\d/);
  near(await clockMs(page), noonMs);
  assert.equal(seeks.length, 0, 'nothing is sought on the way');
  await page.mouse.up();
  await moving(page, 1);
  near(await clockMs(page), noonMs - 6 * HOUR_MS);
  assert.equal(seeks.length, 1);
  near(Date.parse(seeks[0].to), noonMs - 6 * HOUR_MS);
  assert.equal(await page.locator('.moment').count(), 0);
  assert.equal(mock.world.acts.length, 1);
});

/** The page's own clock comes late, as on a machine that is busy: everything arrives before it. */
async function lateClock(page) {
  await page.addInitScript(() => {
    const plain = window.setInterval;
    window.setInterval = (work, ms) => plain(work, ms === 100 ? 700 : ms);
  });
  await page.reload();
  await page.getByRole('slider').waitFor();
}

test('far back there is a picture, even when all of it arrives before the clock turns to it', async () => {
  const page = await footage([0]);
  await lateClock(page);
  await play(page);
  await moving(page, 1);
  await page.getByRole('button', { name: '1일' }).click();
  const box = await page.getByRole('slider').boundingBox();
  await page.mouse.click(box.x + box.width * 0.25, box.y + 10);
  await page.waitForFunction(() => document.querySelector('video').currentTime < 7 * 3600);
  await moving(page, 1);
  near(await clockMs(page), noonMs - 6 * HOUR_MS);
});

test('a wish during a seek is asked for too, although the old pictures seem to be there', async () => {
  const page = await footage([0]);
  const seeks = commandsOf(page, 'seek');
  // A browser that is still at work on what came last when the answer is there.
  await page.addInitScript(() => {
    const buffers = [];
    let busy = false;
    const add = MediaSource.prototype.addSourceBuffer;
    MediaSource.prototype.addSourceBuffer = function (mime) {
      buffers.push(add.call(this, mime));
      return buffers.at(-1);
    };
    const { get } = Object.getOwnPropertyDescriptor(SourceBuffer.prototype, 'updating');
    Object.defineProperty(SourceBuffer.prototype, 'updating', { get() { return busy || get.call(this); } });
    globalThis.workFor = (ms) => {
      busy = true;
      setTimeout(() => {
        busy = false;
        for (const buffer of buffers) buffer.dispatchEvent(new Event('updateend'));
      }, ms);
    };
  });
  await page.reload();
  await page.getByRole('slider').waitFor();
  await play(page);
  await moving(page, 1);
  await page.keyboard.press(' ');
  const before = await clockMs(page);
  await page.evaluate(() => {
    globalThis.workFor(500);
    const press = (key, shiftKey) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, shiftKey, bubbles: true }));
    for (let i = 0; i < 3; i += 1) press('ArrowRight', true);
    for (let i = 0; i < 3; i += 1) press('ArrowLeft', true);
  });
  assert.equal(await clockMs(page), before);
  await page.keyboard.press(' ');
  await moving(page, 1);
  assert.ok(Math.abs((await clockMs(page)) - before) < 10_000, new Date(await clockMs(page)).toISOString());
  assert.equal(seeks.length, 2);
  assert.ok(Math.abs(Date.parse(seeks[1].to) - before) < 1000, seeks[1].to);
});

test('a decoder that breaks is made anew, and goes on where it was', async () => {
  const page = await footage([0]);
  await play(page);
  await moving(page, 1);
  await page.waitForTimeout(1500);
  const before = await clockMs(page);
  await page.evaluate(() => document.querySelector('video').dispatchEvent(new Event('error')));
  await page.waitForTimeout(300);
  await moving(page, 1);
  assert.ok((await clockMs(page)) - before < 8000, 'nothing is left out');
});

test('a drag by finger before playing only sets where it begins; one over a gap is no click on it', async () => {
  mock.world.gaps.set(idOf(0), [{ from: noonMs, to: noonMs + 2 * HOUR_MS, cause: 'recorder-stopped' }]);
  const page = await footage([0], noonMs, { viewport: POCKET });
  await page.getByRole('button', { name: '1일' }).click();
  await page.locator('button.gap').scrollIntoViewIfNeeded();
  const row = await page.locator('.track').boundingBox();
  const y = row.y + 15;
  const xAt = (share) => row.x + row.width * share;
  const screen = await page.context().newCDPSession(page);
  const touch = (type, ...touchPoints) => screen.send('Input.dispatchTouchEvent', { type, touchPoints });
  await touch('touchStart', { x: xAt(13 / 24), y });
  for (const share of [0.6, 0.65, 0.7, 0.99]) await touch('touchMove', { x: xAt(share), y });
  const moment = await page.locator('.moment').boundingBox();
  assert.ok(moment.height < 30 && moment.x + moment.width <= POCKET.width, 'on one line and whole at the edge');
  for (const share of [0.9, 0.75]) await touch('touchMove', { x: xAt(share), y });
  await page.locator('.moment').waitFor();
  await sliderNears(page, noonMs + 6 * HOUR_MS);
  await touch('touchEnd');
  await page.locator('.moment').waitFor({ state: 'hidden' });
  await sliderNears(page, noonMs + 6 * HOUR_MS);
  assert.equal(mock.world.acts.length, 0);
  // The browser takes the finger away, to scroll: the play head goes back.
  await touch('touchStart', { x: xAt(0.75), y });
  await touch('touchMove', { x: xAt(0.5), y });
  await touch('touchMove', { x: xAt(0.4), y });
  await page.locator('.moment').waitFor();
  await touch('touchCancel');
  await page.locator('.moment').waitFor({ state: 'hidden' });
  await sliderNears(page, noonMs + 6 * HOUR_MS);
  await page.mouse.move(xAt(13 / 24), y);
  await page.mouse.down();
  await page.mouse.move(xAt(20 / 24), y, { steps: 4 });
  await page.mouse.up();
  await sliderNears(page, noonMs + 8 * HOUR_MS);
  await page.locator('button.gap').click();
  assert.match(await page.getByRole('slider').getAttribute('aria-valuetext'), / 11:59:55$/);
});

test('the heading says whose time it is', async () => {
  const page = await footage([0], Date.UTC(2026, 0, 5, 3), { zone: 'Asia/Seoul' });
  await page.locator('.page-head').getByText('시각은 Asia/Seoul 기준').waitFor();
  assert.match(await page.getByRole('slider').getAttribute('aria-valuetext'), /^2026-01-05 12:00:00$/);
  await goTo(page, '원장');
  await page.getByRole('heading', { name: '원장' }).waitFor();
  await page.locator('.page-head').getByText('시각은 Asia/Seoul 기준').waitFor();
});

test('a gap of one camera is named while the other plays on, and the picture comes back', async () => {
  const page = await footage([0, 1]);
  await play(page);
  await moving(page, 2);
  const second = page.locator('.tile').nth(1);
  await second.getByText('카메라가 영상을 보내지 않음').waitFor();
  await moving(page, 1);
  await second.getByText('카메라가 영상을 보내지 않음').waitFor({ state: 'hidden', timeout: 20_000 });
  await moving(page, 2);
  const [a, b] = await times(page);
  assert.ok(Math.abs(a - b) < 0.4, `${a} and ${b}`);
});

test('where no camera has anything the clock leaps over the gap', async () => {
  mock.world.gaps.set(idOf(0), [{ from: noonMs + 4000, to: noonMs + 2 * HOUR_MS, cause: 'recorder-stopped' }]);
  const page = await footage([0]);
  await play(page);
  await moving(page, 1);
  await page.waitForFunction(() => document.querySelector('output.clock')?.textContent?.includes(' 14:00:'), null, { timeout: 20_000 });
  await moving(page, 1);
});

test('gaps are in the timeline and in words, with cause, by keyboard too; expiry is told', async () => {
  const page = await footage([0, 1]);
  assert.match(await page.locator('.readout').innerText(), /파기 \(.*남음\)/);
  const gap = page.locator('button.gap');
  await gap.first().focus();
  await page.locator('.readout').getByText('영상 없음: 카메라가 영상을 보내지 않음').waitFor();
  assert.match(await gap.first().getAttribute('aria-label'), /로비.*12:00:06–12:00:12.*카메라가 영상을 보내지 않음/);
  const row = page.getByRole('row').filter({ hasText: '로비' });
  assert.match(await row.innerText(), /12:00:06[\s\S]*12:00:12[\s\S]*6초/);
  await row.getByRole('button', { name: '직전으로' }).click();
  assert.match(await page.getByRole('slider').getAttribute('aria-valuetext'), / 12:00:01$/);
});

test('the slider is a slider: arrows move it', async () => {
  const page = await footage([0]);
  await page.getByRole('slider').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  assert.match(await page.getByRole('slider').getAttribute('aria-valuetext'), / 11:58:55$/);
});

test('another day or other cameras end the act', async () => {
  const page = await footage([0]);
  await play(page);
  await moving(page, 1);
  await page.getByRole('button', { name: '전날' }).click();
  await page.getByRole('button', { name: '▶ 재생' }).waitFor();
  assert.equal(await page.locator('video').count(), 0);
});

test('an operator sees only the last hour, and is told so', async () => {
  const page = await footage([0], Date.now() - 5 * 60_000, { name: 'operator' });
  await page.getByText('최근 1시간 안의 영상').waitFor();
  await play(page);
  await moving(page, 1);
  const { from, to } = mock.world.acts[0];
  assert.ok(Date.parse(from) > Date.now() - HOUR_MS);
  assert.ok(Date.parse(to) <= Date.now());
});

test('the end is said, and going back from it plays on', async () => {
  const page = await footage([0], Date.now() - 6000);
  await play(page);
  await page.getByText('영상이 끝났습니다').waitFor({ timeout: 30_000 });
  await page.keyboard.press('Shift+ArrowLeft');
  await moving(page, 1);
  assert.equal(await page.getByText('영상이 끝났습니다').count(), 0);
});

test('a server that hangs up is said, and playing again works', async () => {
  const page = await footage([0]);
  await play(page);
  await moving(page, 1);
  mock.world.hangUp('ledger-unavailable');
  await page.getByText('원장에 기록할 수 없어').waitFor();
});

test('at most nine cameras; the page fits a small screen', async () => {
  const page = await footage([0, 1, 2, 3], noonMs, { viewport: POCKET });
  await play(page);
  await moving(page, 4);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= POCKET.width, `${wide} px`);
});

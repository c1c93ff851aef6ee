// Recorded footage at other speeds, backwards, frame by frame, and where the pictures changed.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { moving, POCKET, withBrowser } from '../browser.mjs';
import { clockMs, commandsOf, footageOn, noonMs, play, times } from '../playing.mjs';

const open = withBrowser();
const mock = await startMock();
after(() => mock.close());
const footage = footageOn(open, mock);
const FRAME_MS = 40;

beforeEach(() => {
  mock.world.acts.length = 0;
  for (const camera of mock.world.cameras) mock.world.gaps.set(camera.id, []);
});

/** How far clock and pictures come in a while of real time, in seconds for each second. */
async function paceOf(page, ms = 3000) {
  const read = () =>
    page.evaluate(() => ({
      realMs: performance.now(),
      clock: document.querySelector('output.clock').textContent,
      shown: [...document.querySelectorAll('video')].map((video) => video.currentTime),
    }));
  const before = await read();
  await page.waitForTimeout(ms);
  const now = await read();
  const realS = (now.realMs - before.realMs) / 1000;
  const clock = (each) => new Date(each.clock.replace(' ', 'T')).getTime() / 1000;
  return {
    clock: (clock(now) - clock(before)) / realS,
    shown: now.shown.map((at, i) => (at - before.shown[i]) / realS),
    apart: Math.max(...now.shown) - Math.min(...now.shown),
  };
}

const speed = (page, rate) => page.locator('.rate select').selectOption(String(rate));
const isNear = (value, wanted, by, what) => assert.ok(Math.abs(value - wanted) <= by, `${what}: ${value}, not ${wanted}`);

/** Pictures of a tile that really come to the screen, each with its media time. */
async function pictures(page, ms) {
  return await page.evaluate(
    (ms) =>
      new Promise((done) => {
        const video = document.querySelector('video');
        const seen = [];
        const note = (_now, { mediaTime }) => {
          seen.push(mediaTime);
          video.requestVideoFrameCallback(note);
        };
        video.requestVideoFrameCallback(note);
        setTimeout(() => done(seen), ms);
      }),
    ms,
  );
}

for (const rate of [0.5, 2]) {
  test(`${rate} times: every frame, as much faster, several cameras in step, and nothing is asked anew`, async () => {
    const page = await footage([0, 2]);
    const seeks = commandsOf(page, 'seek');
    await play(page);
    await moving(page, 2);
    await speed(page, rate);
    await page.waitForTimeout(500);
    const pace = await paceOf(page, 4000);
    isNear(pace.clock, rate, 0.35 * rate, 'clock');
    for (const shown of pace.shown) isNear(shown, rate, 0.35 * rate, 'picture');
    assert.ok(pace.apart < 0.4 * rate, `tiles are ${pace.apart} s apart`);
    assert.equal(seeks.length, 0);
    assert.equal(await page.locator('.thin').count(), 0);
  });
}

for (const rate of [4, 8, 16]) {
  test(`${rate} times: keyframes, said so, in step, and at their times`, async () => {
    const page = await footage([0, 2]);
    const seeks = commandsOf(page, 'seek');
    await play(page);
    await moving(page, 2);
    await speed(page, rate);
    await page.locator('.thin').getByText('키프레임만').waitFor();
    await moving(page, 2);
    const pace = await paceOf(page, 4000);
    isNear(pace.clock, rate, 0.25 * rate, 'clock');
    for (const shown of pace.shown) isNear(shown, rate, 0.35 * rate, 'picture');
    assert.ok(pace.apart < 0.5 * rate, `tiles are ${pace.apart} s apart`);
    assert.deepEqual(seeks.map((seek) => seek.speed_percent), [rate * 100]);
    // Pictures follow one another as keyframes do: each another whole group on.
    const seen = await pictures(page, 1500);
    const steps = seen.slice(1).map((at, i) => at - seen[i]).filter((step) => step > 0.001);
    assert.ok(steps.length > 2 && steps.every((step) => step > 0.9), steps.join(' '));
    await speed(page, 1);
    await page.locator('.thin').waitFor({ state: 'detached' });
    await moving(page, 2);
    assert.equal(mock.world.acts.length, 1);
  });
}

test('backwards at true speed every frame is shown, the later one first, cameras in step', async () => {
  const page = await footage([0, 2]);
  await play(page);
  await moving(page, 2);
  await page.getByRole('button', { name: /거꾸로/ }).click();
  await page.waitForFunction(() => document.querySelector('video').buffered.length > 0);
  await page.waitForTimeout(1500);
  const pace = await paceOf(page, 3000);
  isNear(pace.clock, -1, 0.4, 'clock');
  for (const shown of pace.shown) isNear(shown, -1, 0.4, 'picture');
  const seen = await pictures(page, 2000);
  const steps = seen.slice(1).map((at, i) => seen[i] - at).filter((step) => Math.abs(step) > 0.001);
  assert.ok(steps.every((step) => step > 0), `never forwards: ${steps.join(' ')}`);
  assert.ok(steps.length >= 8, `${steps.length} pictures in two seconds`);
  await page.getByRole('button', { name: /거꾸로/ }).click();
  await moving(page, 2);
  assert.equal(mock.world.acts.length, 1);
});

test('backwards at eight times there are keyframes, over a gap, to the beginning, which is said', async () => {
  const startMs = new Date(noonMs).setHours(0, 0, 0, 0);
  mock.world.gaps.set(mock.world.cameras[0].id, [{ from: startMs + 20_000, to: startMs + 600_000, cause: 'camera-silent' }]);
  const page = await footage([0], startMs + 615_000);
  const seeks = commandsOf(page, 'seek');
  await play(page);
  await moving(page, 1);
  await page.keyboard.press('j');
  await page.keyboard.press('>');
  await page.keyboard.press('>');
  await page.keyboard.press('>');
  await page.locator('.thin').waitFor();
  await page.getByText('이 영상의 처음입니다').waitFor({ timeout: 20_000 });
  // A speed that is chosen while the server is still being asked for the last one is only a wish, and
  // the newest wish counts: -400 is asked for only where the answer came before the next key.
  const asked = seeks.map((seek) => seek.speed_percent).filter((percent) => percent !== -400);
  assert.deepEqual(asked, [-100, -800]);
  assert.ok((await clockMs(page)) - startMs < 1500, 'at the beginning');
  await page.keyboard.press('l');
  await moving(page, 1);
  assert.equal(await page.getByText('이 영상의 처음입니다').count(), 0);
});

/** The frame that stands on the screen after the clock came to rest. */
async function restAt(page) {
  await page.waitForFunction(() => [...document.querySelectorAll('video')].every((video) => video.paused && !video.seeking));
  await page.waitForTimeout(150);
  return { clock: await clockMs(page), shown: await times(page) };
}

async function stepped(page, key) {
  const before = await restAt(page);
  const said = await page.locator('output.clock').innerText();
  await page.keyboard.press(key);
  await page.waitForFunction((old) => document.querySelector('output.clock').textContent !== old, said);
  const now = await restAt(page);
  return { clock: now.clock - before.clock, shown: now.shown.map((at, i) => Math.round((at - before.shown[i]) * 1000)) };
}

test('frame by frame, forwards and backwards, each press one frame, all cameras together', async () => {
  const page = await footage([0, 2]);
  await play(page);
  await moving(page, 2);
  // The first press pauses, and leaves a tile where it stands within the right picture; from the next
  // on every tile stands at a picture's beginning.
  await page.keyboard.press('.');
  await stepped(page, '.');
  for (const key of ['.', '.', ',', ',', ',', '.']) {
    const step = await stepped(page, key);
    const wanted = key === '.' ? FRAME_MS : -FRAME_MS;
    isNear(step.clock, wanted, 1, `clock after ${key}`);
    for (const shown of step.shown) isNear(shown, wanted, 2, `picture after ${key}`);
  }
  await page.getByRole('button', { name: '한 프레임 앞으로' }).click();
  await page.getByRole('button', { name: '한 프레임 뒤로' }).click();
  const now = await restAt(page);
  assert.match(await page.locator('output.clock').innerText(), /\.\d{3}$/);
  const dayStart = new Date(noonMs).setHours(0, 0, 0, 0);
  isNear(dayStart + now.shown[0] * 1000, now.clock, FRAME_MS, 'clock and picture');
});

test('stepping back beyond what is there, and over a gap, fetches what lies before', async () => {
  mock.world.gaps.set(mock.world.cameras[0].id, [{ from: noonMs - 60_000, to: noonMs - 700, cause: 'camera-silent' }]);
  const page = await footage([0]);
  const seeks = commandsOf(page, 'seek');
  await play(page);
  await page.waitForFunction(() => document.querySelector('video')?.buffered.length > 0);
  await page.keyboard.press(' ');
  // To the first frame after the gap, and one more.
  for (let i = 0; i < 120 && (await clockMs(page)) > noonMs - 30_000; i += 1) {
    await page.keyboard.press(',');
    await page.waitForFunction(() => document.querySelector('output.clock').getAttribute('aria-busy') !== 'true');
    await restAt(page);
  }
  const { clock } = await restAt(page);
  isNear(clock, noonMs - 60_000 - FRAME_MS, 2 * FRAME_MS, 'the last frame before the gap');
  assert.ok(seeks.some((seek) => seek.speed_percent === -100));
  const forth = await stepped(page, '.');
  assert.ok(forth.clock >= 59_000, `over the gap again: ${forth.clock}`);
  await page.keyboard.press(' ');
  await moving(page, 1);
});

test('keys of an editing desk: K pauses, J and L play, once more is faster', async () => {
  const page = await footage([0]);
  await play(page);
  await moving(page, 1);
  await page.keyboard.press('k');
  await page.getByRole('button', { name: '재생', exact: true }).waitFor();
  await page.keyboard.press('k');
  await page.getByRole('button', { name: '재생', exact: true }).waitFor();
  await page.keyboard.press('l');
  await page.keyboard.press('l');
  assert.equal(await page.locator('.rate select').inputValue(), '2');
  await page.keyboard.press('<');
  await page.keyboard.press('<');
  await page.keyboard.press('<');
  assert.equal(await page.locator('.rate select').inputValue(), '0.5');
  await page.keyboard.press('j');
  assert.equal(await page.locator('.back').getAttribute('aria-pressed'), 'true');
  assert.equal(await page.locator('.rate select').inputValue(), '1');
});

test('a browser that drops half of the pictures is sent keyframes, and told why', async () => {
  const page = await footage([0], noonMs, {
    before: () => {
      HTMLVideoElement.prototype.getVideoPlaybackQuality = () => {
        const totalVideoFrames = Math.round(performance.now() / 20);
        return { totalVideoFrames, droppedVideoFrames: Math.round(totalVideoFrames * (globalThis.dropped ?? 0)) };
      };
    },
  });
  const seeks = commandsOf(page, 'seek');
  await play(page);
  await moving(page, 1);
  await speed(page, 2);
  await page.waitForTimeout(7000);
  assert.equal(seeks.length, 0, 'the control: nothing dropped, nothing asked');
  await page.evaluate(() => (globalThis.dropped = 0.6));
  await page.locator('.thin').getByText('느려서 키프레임만').waitFor();
  assert.deepEqual(seeks.map(({ speed_percent, keyframes_only }) => [speed_percent, keyframes_only]), [[200, true]]);
  await moving(page, 1);
  await page.evaluate(() => (globalThis.dropped = 0));
  await speed(page, 1);
  await page.locator('.thin').waitFor({ state: 'detached' });
});

test('at the edge of now fast footage comes down to true speed', async () => {
  const page = await footage([0], Date.now() - 60_000);
  await play(page);
  await moving(page, 1);
  await speed(page, 16);
  await page.waitForFunction(() => document.querySelector('.rate select')?.value === '1' || document.body.textContent.includes('영상이 끝났습니다'), null, { timeout: 20_000 });
});

test('movement is asked within the act alone, for its time alone, and stands on the timeline and in words', async () => {
  const page = await footage([0, 2]);
  const asked = commandsOf(page, 'changes');
  assert.equal(await page.locator('.strip').count(), 0, 'nothing before a purpose');
  await play(page);
  await page.locator('.strip path').nth(1).waitFor({ state: 'attached' });
  // One tile's answer may be drawn before the other's has come.
  await page.getByText('움직임을 살피는 중').first().waitFor({ state: 'hidden' });
  assert.deepEqual(new Set(asked.map(({ tile }) => tile)), new Set([0, 1]));
  await page.getByRole('button', { name: '1시간' }).click();
  await page.waitForFunction((count) => document.querySelectorAll('.strip').length === count, 2);
  await page.waitForTimeout(800);
  const [act] = mock.world.acts;
  for (const { from, to, columns } of asked) {
    assert.ok(Date.parse(from) >= Date.parse(act.from) && Date.parse(to) <= Date.parse(act.to), `${from} to ${to}`);
    assert.ok(columns >= 1 && columns <= 1440);
  }
  assert.ok(asked.length <= 6, `${asked.length} questions`);
  assert.match(await page.locator('.readout').innerText(), /많이 움직임|조금 움직임|움직임 없음/);
  await page.keyboard.press(' ');
  await page.evaluate(() => undefined);
  const slider = page.getByRole('slider');
  await slider.focus();
  // On the hour somebody walks by; a minute later nobody.
  await page.keyboard.press('k');
  const at = await clockMs(page);
  for (let i = 0; i < Math.round((at - noonMs) / 5000); i += 1) await page.keyboard.press('ArrowLeft');
  await page.locator('.readout').getByText('많이 움직임').first().waitFor();
  await page.keyboard.press('Shift+ArrowRight');
  await page.locator('.readout').getByText('움직임 없음').first().waitFor();
  await page.getByRole('button', { name: '끝내기' }).click();
  await page.locator('.strip').first().waitFor({ state: 'detached' });
});

test('in English, and on a small screen, all of it is there', async () => {
  const page = await footage([0], noonMs, { viewport: POCKET, language: 'en' });
  await play(page);
  await moving(page, 1);
  await page.getByRole('button', { name: 'Back one frame' }).click();
  await page.getByRole('button', { name: 'On one frame' }).click();
  await page.getByRole('button', { name: /Backwards/ }).click();
  await speed(page, 8);
  await page.locator('.thin').getByText('Keyframes only').waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= POCKET.width, `${wide} px`);
});

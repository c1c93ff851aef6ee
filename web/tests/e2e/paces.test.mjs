// Other speeds, backwards, single frames and movement, with a real recorder: what the mock cannot
// prove, above all that every picture stands at its true time.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { moving, withBrowser } from '../browser.mjs';
import { claim, listen, startDemo } from './demo.mjs';

const PASSWORD = 'six stones in a row';
const WORST_CLOCK_MS = 1000;
const HISTORY_MS = 75_000;

const open = withBrowser();
let demo;
let page;
let fragments;
let beganMs;
before(async () => {
  demo = await startDemo({ cameras: 2 });
  beganMs = Date.now();
});
after(() => demo.stop());

const clock = async () => new Date((await page.locator('output.clock').innerText()).replace(' ', 'T')).getTime();
const times = () => page.$$eval('video', (videos) => videos.map((video) => video.currentTime));

function clockIsTrue(least) {
  const stamped = fragments.filter((fragment) => fragment.stampMs !== null);
  assert.ok(stamped.length >= least, `${stamped.length} of ${fragments.length} fragments are stamped`);
  for (const { tile, wallMs, stampMs } of stamped) {
    assert.ok(Math.abs(wallMs - stampMs) < WORST_CLOCK_MS, `tile ${tile} is off by ${wallMs - stampMs} ms`);
  }
}

test('fast, backwards, frame by frame: true times, in step, and movement within the act', async () => {
  page = await open(demo.contract.links.manager);
  fragments = listen(page);
  await claim(page, 'manager', '김하늘', PASSWORD);
  await page.waitForTimeout(Math.max(0, beganMs + HISTORY_MS - Date.now()));
  await page.evaluate((at) => (location.hash = `/footage?at=${at}`), Date.now() - 60_000);
  await page.getByRole('slider').waitFor();
  await page.locator('summary').click();
  await page.locator('fieldset').getByRole('checkbox').nth(1).check();
  await page.locator('summary').click();
  await page.getByRole('button', { name: '▶ 재생' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('목적').selectOption('incident');
  await dialog.getByLabel('사건 번호').fill('2026-117');
  await dialog.getByRole('button', { name: '재생하기' }).click();
  await moving(page, 2, 40_000);

  await page.locator('.strip path').nth(1).waitFor({ state: 'attached' });

  fragments.length = 0;
  await page.locator('.rate select').selectOption('4');
  await page.locator('.thin').waitFor();
  await moving(page, 2);
  const [fromMs, realMs] = [await clock(), Date.now()];
  await page.waitForTimeout(3000);
  const pace = ((await clock()) - fromMs) / (Date.now() - realMs);
  assert.ok(pace > 2.8 && pace < 5.2, `${pace} times`);
  const fast = await times();
  assert.ok(Math.abs(fast[0] - fast[1]) < 2.5, `keyframes of both: ${fast.join(', ')}`);
  clockIsTrue(10);

  fragments.length = 0;
  await page.keyboard.press('j');
  await page.waitForTimeout(2500);
  const before = [await clock(), ...(await times())];
  await page.waitForTimeout(2000);
  const now = [await clock(), ...(await times())];
  assert.ok(before.every((at, i) => now[i] < at), `backwards: ${before.join(', ')} then ${now.join(', ')}`);
  clockIsTrue(6);

  await page.keyboard.press(',');
  await page.waitForFunction(() => document.querySelector('output.clock').getAttribute('aria-busy') !== 'true');
  for (const key of [',', ',', '.', '.', '.']) {
    const at = await clock();
    await page.keyboard.press(key);
    await page.waitForFunction(
      (old) => {
        const shown = document.querySelector('output.clock');
        return shown.getAttribute('aria-busy') !== 'true' && new Date(shown.textContent.replace(' ', 'T')).getTime() !== old;
      },
      at,
    );
    const step = (await clock()) - at;
    assert.ok(key === '.' ? step > 20 && step < 130 : step < -20 && step > -130, `${key} goes by ${step} ms`);
  }
  await page.keyboard.press('l');
  await moving(page, 2);
});

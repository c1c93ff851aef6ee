// How old the pictures of a live wall are when they stand on the screen: nine simulated cameras, a
// real recorder, Chromium. The simulated camera, the recorder and the browser share one clock.
//
//   JIKIM_BIN=../target/release/jikim node tests/latency.mjs

import { startDemo, claim } from './e2e/demo.mjs';
import { launch } from './browser.mjs';

const SECONDS = 30;

const demo = await startDemo({ cameras: 9 });
const browser = await launch();
try {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(demo.contract.links.operator);
  const began = Date.now();
  await claim(page, 'latency', 'Latency', 'a password for measuring');
  const ages = () => page.$$eval('.age', (tiles) => tiles.map((tile) => Number.parseFloat(tile.textContent)));
  while ((await ages()).filter(Number.isFinite).length < 9) await page.waitForTimeout(50);
  const first = Date.now() - began;
  await page.waitForTimeout(5000);
  const seen = [];
  for (let at = 0; at < SECONDS * 4; at += 1) {
    seen.push(...(await ages()).filter(Number.isFinite));
    await page.waitForTimeout(250);
  }
  seen.sort((a, b) => a - b);
  const place = (part) => seen[Math.min(seen.length - 1, Math.floor(part * seen.length))];
  console.log(`${seen.length} readings of nine tiles in ${SECONDS} s: median ${place(0.5)} s, p95 ${place(0.95)} s, longest ${place(1)} s; from the link to nine moving tiles ${(first / 1000).toFixed(1)} s`);
} finally {
  await browser.close();
  await demo.stop();
}

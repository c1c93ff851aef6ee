// How long it takes from a click on the timeline to the first picture of that moment on the screen:
// a real recorder, simulated cameras, Chromium. Every seek goes where nothing is buffered.
//
//   JIKIM_BIN=../target/release/jikim node tests/seek.mjs [CAMERAS [SEEKS]]
//
// `first byte`: the page's request to the first media of the new place. `picture`: the click to the
// presentation of a frame of the new place, as the browser says it (requestVideoFrameCallback).

import { startDemo, claim } from './e2e/demo.mjs';
import { launch } from './browser.mjs';

const TILES = Number(process.argv[2] ?? 1);
const SEEKS = Number(process.argv[3] ?? 60);
const HISTORY_S = 150;
/** A place further away than what is sent ahead and what is kept is never buffered. */
const FAR_MS = 45_000;

/** In the page: notes when the socket is asked, answers, and brings media. */
function watchSocket() {
  globalThis.marks = {};
  const mark = (name) => (globalThis.marks[name] ??= performance.now());
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (typeof data === 'string' && data.includes('"seek"')) mark('asked');
    return send.call(this, data);
  };
  const listen = WebSocket.prototype.addEventListener;
  WebSocket.prototype.addEventListener = function (type, heard, ...more) {
    const noting = (event) => {
      const { marks } = globalThis;
      if (typeof event.data === 'string') {
        if (event.data.includes('"sought"')) mark('sought');
      } else if (marks.sought && new DataView(event.data).getUint8(1) === 2) mark('media');
      heard.call(this, event);
    };
    return listen.call(this, type, type === 'message' ? noting : heard, ...more);
  };
}

/** In the page: clicks the ruler at an instant, and waits until every tile shows a frame of it. */
async function seekTo([share, atMs]) {
  const dayMs = new Date(atMs).setHours(0, 0, 0, 0);
  const wantedS = (atMs - dayMs) / 1000;
  const ruler = document.querySelector('.ruler').getBoundingClientRect();
  globalThis.marks = {};
  const clicked = performance.now();
  const clientX = ruler.left + share * ruler.width;
  document.querySelector('.ruler').dispatchEvent(new MouseEvent('click', { bubbles: true, clientX, clientY: ruler.top + 9 }));
  const shown = [...document.querySelectorAll('video')].map(
    (video) =>
      new Promise((done) => {
        const look = (_now, { mediaTime, presentationTime }) => {
          if (globalThis.marks.media && Math.abs(mediaTime - wantedS) < 3) done(presentationTime - clicked);
          else video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
      }),
  );
  const late = new Promise((done) => setTimeout(() => done(null), 10_000));
  const pictures = await Promise.race([Promise.all(shown), late]);
  const { asked, sought, media } = globalThis.marks;
  return { pictures, asked: asked - clicked, sought: sought - asked, media: media - asked };
}

const demo = await startDemo({ cameras: 9 });
const browser = await launch();
try {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(watchSocket);
  await page.goto(demo.contract.links.manager);
  const beganMs = Date.now();
  await claim(page, 'seeker', 'Seeker', 'a password for measuring');
  await page.waitForTimeout(HISTORY_S * 1000);
  const endMs = Date.now() - 15_000;
  await page.evaluate((at) => (location.hash = `/footage?at=${at}`), beganMs + 30_000);
  await page.getByRole('slider').waitFor();
  if (TILES > 1) {
    await page.locator('summary').click();
    const boxes = page.locator('fieldset').getByRole('checkbox');
    for (let i = 0; i < TILES; i += 1) await boxes.nth(i).check();
    await page.locator('summary').click();
  }
  await page.getByRole('button', { name: /^▶/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('목적').selectOption('incident');
  await dialog.getByLabel('사건 번호').fill('measuring');
  await dialog.getByRole('button', { name: '재생하기' }).click();
  await page.waitForFunction((count) => [...document.querySelectorAll('video')].filter((video) => video.readyState >= 2).length === count, TILES);
  await page.getByRole('button', { name: '10분' }).click();
  const found = [];
  let atMs = beganMs + 30_000;
  for (let i = 0; i < SEEKS; i += 1) {
    do atMs = beganMs + 12_000 + Math.random() * (endMs - beganMs - 12_000);
    while (Math.abs(atMs - (await clockOf(page))) < FAR_MS);
    const [fromMs, toMs] = await page.getByRole('slider').evaluate((it) => [it.ariaValueMin * 1000, it.ariaValueMax * 1000]);
    const seen = await page.evaluate(seekTo, [(atMs - fromMs) / (toMs - fromMs), atMs]);
    found.push(seen);
    await page.waitForTimeout(700 + Math.random() * 600);
  }
  const lost = found.filter((each) => each.pictures === null).length;
  const good = found.filter((each) => each.pictures !== null);
  const row = (name, values) => {
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    const place = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]?.toFixed(0);
    console.log(`${name}: median ${place(0.5)} ms, p95 ${place(0.95)} ms, longest ${place(1)} ms (${sorted.length})`);
  };
  console.log(`${SEEKS} seeks of ${TILES} tile(s), ${lost} without a picture within ten seconds`);
  row('click to request', good.map((each) => each.asked));
  row('request to answer', good.map((each) => each.sought));
  row('request to first byte of media', good.map((each) => each.media));
  row('click to first picture, any tile', good.map((each) => Math.min(...each.pictures)));
  row('click to first picture, every tile', good.map((each) => Math.max(...each.pictures)));
} finally {
  await browser.close();
  await demo.stop();
}

async function clockOf(page) {
  return new Date((await page.locator('output.clock').innerText()).replace(' ', 'T')).getTime();
}

// Chromium for the tests, and what every test of a page needs.

import { existsSync } from 'node:fs';
import { after, afterEach, before } from 'node:test';

import { chromium } from 'playwright-core';

export const DESK = { width: 1440, height: 900 };
export const POCKET = { width: 390, height: 844 };

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function program() {
  const path = process.env.JIKIM_CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (!path) {
    throw new Error('No Chromium found: apt-get install chromium, or say where it is in JIKIM_CHROMIUM.');
  }
  return path;
}

export const launch = () =>
  chromium.launch({
    executablePath: program(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--mute-audio'],
      ...['--disable-background-networking', '--disable-component-update', '--no-first-run'],
      // A page in a test counts as visible and unthrottled whatever else runs.
      ...['--disable-background-timer-throttling', '--disable-renderer-backgrounding'],
    ],
  });

/**
 * One browser for a file of tests; `open` gives a fresh context at an address. What the page
 * complains of (errors, refusals by its policy) is gathered and must be empty at the end. With `keeps` the
 * contexts stay open from test to test, as people do who sit at their desks all day.
 */
export function withBrowser({ keeps = false } = {}) {
  let launched;
  const contexts = [];
  const complaints = [];
  // Another hook of the file may need it at once: whoever is first launches it.
  const browser = () => (launched ??= launch());
  before(() => browser());
  afterEach(async () => {
    if (!keeps) await Promise.all(contexts.splice(0).map((context) => context.close()));
    const heard = complaints.splice(0);
    if (heard.length > 0) throw new Error(`The page complained:\n${heard.join('\n')}`);
  });
  after(async () => (await browser()).close());

  return async function open(address, { viewport = DESK, language = 'ko', zone, expected = [] } = {}) {
    const context = await (await browser()).newContext({ viewport, ignoreHTTPSErrors: true, locale: 'ko-KR', timezoneId: zone });
    contexts.push(context);
    await context.addInitScript((kept) => localStorage.setItem('jikim.language', localStorage.getItem('jikim.language') ?? kept), language);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(`${error.message}\n${error.stack}`));
    page.on('console', (message) => {
      const text = `${message.text()} ${message.location().url}`;
      // A refusal by the server is shown on the page; the browser's own line about it is no fault.
      const ofNetwork = /Failed to load resource|WebSocket connection/.test(text);
      if (message.type() === 'error' && !ofNetwork && !expected.some((part) => text.includes(part))) {
        complaints.push(text);
      }
    });
    await page.goto(address);
    return page;
  };
}

/** Signs in by name and password. */
export async function signIn(page, name, password) {
  await page.getByLabel(/이름|Name/).fill(name);
  await page.getByLabel(/비밀번호|Password/).fill(password);
  await page.getByRole('button', { name: /^(로그인|Sign in)$/ }).click();
  await page.getByRole('navigation').first().waitFor();
}

export const goTo = (page, name) => page.getByRole('navigation').getByRole('link', { name }).first().click();

/** Waits until so many tiles show moving pictures: decoded, and further on a second later. */
export async function moving(page, count, timeout = 20_000) {
  const times = () =>
    page.$$eval('video', (videos) =>
      videos.filter((video) => video.videoWidth > 0).map((video) => [video.currentTime, video.getVideoPlaybackQuality().totalVideoFrames]),
    );
  const until = Date.now() + timeout;
  for (;;) {
    const before = await times();
    await page.waitForTimeout(600);
    const now = await times();
    const alive = now.filter(([at, frames], i) => before[i] && at > before[i][0] && frames > 0).length;
    if (now.length >= count && alive >= count) return;
    if (Date.now() > until) throw new Error(`${alive} of ${count} tiles move; ${now.length} have a picture`);
  }
}

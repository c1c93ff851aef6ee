// What tests of recorded footage share: the page at an instant, playing for a purpose, what it says.

import { PASSWORD } from '../dev/world.mjs';
import { signIn } from './browser.mjs';

export const HOUR_MS = 3_600_000;
/** Noon of the day before yesterday, in the browser's own zone: a day far from its edges. */
export const noonMs = new Date(new Date().setHours(12, 0, 0, 0) - 48 * HOUR_MS).getTime();

/** Opens the page of footage with some cameras chosen; not yet playing. */
export const footageOn = (open, mock) =>
  async function footage(indexes, atMs = noonMs, { name = 'manager', viewport, zone, language, before } = {}) {
    const id = mock.world.cameras[indexes[0]].id;
    const page = await open(`${mock.address}/#/footage?camera=${id}&at=${atMs}`, { viewport, zone, language });
    if (before) {
      await page.addInitScript(before);
      await page.reload();
    }
    await signIn(page, name, PASSWORD);
    await page.getByRole('slider').waitFor();
    if (indexes.length > 1) {
      await page.locator('summary').click();
      for (const index of indexes.slice(1)) await page.getByLabel(mock.world.cameras[index].name).check();
      await page.locator('summary').click();
    }
    return page;
  };

export async function play(page, note = '2026-117') {
  await page.getByRole('button', { name: /^▶/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('select').selectOption('incident');
  await dialog.locator('input[type=text], input:not([type]), textarea').first().fill(note);
  await dialog.getByRole('button', { name: /^(재생하기|Play)$/ }).click();
}

/** What the large clock says, in milliseconds. */
export const clockMs = async (page) => new Date((await page.locator('output.clock').innerText()).replace(' ', 'T')).getTime();
export const times = (page) => page.$$eval('video', (videos) => videos.map((video) => video.currentTime));

/** Every command of a type that the page sends from now on. */
export function commandsOf(page, type) {
  const sent = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const command = typeof payload === 'string' ? JSON.parse(payload) : {};
      if (command.type === type) sent.push(command);
    }),
  );
  return sent;
}

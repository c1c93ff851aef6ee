// The office of the rights desk: its people at their pages, and its clock.

import { goTo, signIn } from '../../browser.mjs';
import { claim } from '../demo.mjs';

export const PASSWORD = 'six stones in a row';
const [MINUTE_MS, HOUR_MS, DAY_MS] = [60_000, 3_600_000, 86_400_000];
/** People type the time of Korea, whose zone their browsers have. */
const KOREA_AHEAD_MS = 9 * HOUR_MS;

export const ZONE = 'Asia/Seoul';
/** `2026-11-24T17:05`, as a field for a moment takes it. */
export const moment = (ms) => new Date(ms + KOREA_AHEAD_MS).toISOString().slice(0, 16);
export const day = (ms) => moment(ms).slice(0, 10);
export const daysAhead = (count) => day(Date.now() + count * DAY_MS);
/** `2026-11-24 17:05`, as the registers and the pages show it. */
export const told = (ms) => moment(ms).replace('T', ' ');
/** The whole minute that holds a moment, as a span. */
export const minutesFrom = (ms, count = 1) => {
  const fromMs = Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  return { fromMs, toMs: fromMs + count * MINUTE_MS };
};

/** Opens one of the pages that stand beside another: 보전 → 청구, 원장 → 대장. */
export async function toPage(page, head, name) {
  await goTo(page, head);
  if (name) await page.getByRole('navigation', { name: '함께 보는 화면' }).getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: name ?? head, exact: true }).waitFor();
}

/** The manager uses the link of the first start. */
export async function firstManager(open, demo, displayName) {
  const page = await open(demo.contract.links.manager, { zone: ZONE });
  await claim(page, 'manager', displayName, PASSWORD);
  return page;
}

/** The manager gives an account on the page of accounts; whoever it is for uses its link. */
export async function appoint(open, manager, { name, displayName, post = null, document = '', standsInFor = null }) {
  await toPage(manager, '계정');
  await manager.getByRole('button', { name: '계정 발급' }).click();
  const dialog = manager.getByRole('dialog');
  await dialog.getByLabel('화면에 보이는 이름').fill(displayName);
  await dialog.getByRole('checkbox', { name: /담당자/ }).check();
  await dialog.getByLabel('보안서약을 받은 날').fill(daysAhead(-30));
  await dialog.getByLabel('교육을 받은 날').fill(daysAhead(-30));
  if (post) await dialog.getByLabel('방침의 자리').selectOption({ label: post });
  await dialog.getByLabel('임명 문서 번호').fill(document);
  if (standsInFor) await dialog.getByLabel('대행').selectOption({ label: standsInFor });
  await dialog.getByRole('button', { name: '발급' }).click();
  const link = await manager.getByLabel('링크', { exact: true }).inputValue();
  await manager.keyboard.press('Escape');
  const page = await open(link, { zone: ZONE });
  await claim(page, name, displayName, PASSWORD);
  return page;
}

/** What the row of an account says. */
export async function accountRow(manager, displayName) {
  await toPage(manager, '계정');
  return manager.getByRole('row').filter({ has: manager.getByText(displayName, { exact: true }) });
}

/** Gives somebody times on duty; outside of them the account lets nobody in. */
export async function onDuty(manager, displayName, spans) {
  await (await accountRow(manager, displayName)).getByRole('button', { name: '임명 내용' }).click();
  const dialog = manager.getByRole('dialog');
  const old = dialog.getByRole('button', { name: '빼기' });
  while ((await old.count()) > 0) await old.first().click();
  for (const [i, { fromMs, toMs }] of spans.entries()) {
    await dialog.getByRole('button', { name: '당번 시간 더하기' }).click();
    await dialog.getByLabel(`시작 ${i + 1}`).fill(moment(fromMs));
    await dialog.getByLabel(`끝 ${i + 1}`).fill(moment(toMs));
  }
  await dialog.getByRole('button', { name: '저장' }).click();
  await dialog.waitFor({ state: 'detached' });
}

export const comeBack = (page, name) => signIn(page, name, PASSWORD);

/** Presses a button of the page, fills what the dialog asks, and presses the dialog's button. */
export async function inDialog(page, button, fill, done) {
  await page.getByRole('button', { name: button, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await fill(dialog);
  await dialog.getByRole('button', { name: done, exact: true }).click();
  return dialog;
}

/** Cameras and minutes, as the forms ask for them; what the page says of the footage that is there. */
export async function fillSpan(dialog, { cameras, fromMs, toMs, found = null }) {
  for (const camera of cameras) await dialog.getByRole('checkbox', { name: camera, exact: true }).check();
  await dialog.getByLabel('영상 시작').fill(moment(fromMs));
  await dialog.getByLabel('영상 끝').fill(moment(toMs));
  if (found) await dialog.getByText(found).first().waitFor();
}

/** A file that the page hands out: its name and text. */
export async function fileOf(page, press) {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  const parts = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return { name: download.suggestedFilename(), text: Buffer.concat(parts).toString('utf8') };
}

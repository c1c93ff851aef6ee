// The public form, as whoever was filmed uses it: `jikim-front` itself, beside JIKIM_BIN, and a browser that
// runs no script of it. JIKIM_LOOK names a folder for pictures of its pages.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import { sound } from '../axe.mjs';
import { DESK, POCKET, withBrowser } from '../browser.mjs';

const root = new URL('../../..', import.meta.url).pathname;
const open = withBrowser();
const folder = mkdtempSync(join(tmpdir(), 'jikim-front-'));
const look = process.env.JIKIM_LOOK;
let child;
let address;

before(async () => {
  const { public_key: key } = JSON.parse(readFileSync(join(root, 'testdata/front/vectors.json'), 'utf8'));
  writeFileSync(join(folder, 'front.key'), `${key}\n`);
  const own = ['--key', join(folder, 'front.key'), '--dir', join(folder, 'form'), '--settings', join(root, 'samples/front/front.toml')];
  child = spawn(join(dirname(process.env.JIKIM_BIN), 'jikim-front'), ['--listen', '127.0.0.1:0', ...own], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  ({ address } = JSON.parse(line));
  if (look) mkdirSync(look, { recursive: true });
});

after(async () => {
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  rmSync(folder, { recursive: true, force: true });
});

const WINDOWS = { desk: DESK, pocket: POCKET };

/** The page is sound, nothing is wider than the window, and a picture is taken if pictures are wanted. */
async function seen(page, name) {
  await sound(page, name);
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= room, `${name}: ${wide} of ${room} px`);
  // What a finger has to hit.
  const small = await page.$$eval('main a.button, main button, main input:not([type=hidden]), main textarea', (all) =>
    all.map((it) => [it.id || it.textContent, it.getBoundingClientRect()]).filter(([, { width, height }]) => width < 24 || height < 24).map(([which]) => which));
  assert.deepEqual(small, [], name);
  if (look) await page.screenshot({ path: join(look, `${name}.png`), fullPage: true });
}

for (const [window, viewport] of Object.entries(WINDOWS)) {
  test(`a request is sent and its status read, ${window}`, async () => {
    const page = await open(address, { viewport });
    await seen(page, `${window}-home`);
    await page.getByRole('main').getByRole('link', { name: /청구하기/ }).click();
    await page.getByRole('heading', { level: 1, name: /개인영상정보 청구서/ }).waitFor();
    await seen(page, `${window}-form`);

    // Sent empty but for a name: every mistake is in the summary, which leads to its field; the name is kept.
    await page.getByLabel(/^성명/).fill('홍길동');
    await page.getByRole('button', { name: /보내기/ }).click();
    assert.match(await page.title(), /^고칠 곳이 있습니다/);
    assert.equal(await page.getByLabel(/^성명/).inputValue(), '홍길동');
    const summary = page.getByRole('alert');
    assert.equal(await summary.getByRole('link').count(), 9);
    await seen(page, `${window}-mistakes`);
    await summary.getByRole('link', { name: /전화번호/ }).click();
    const phone = page.getByLabel(/^전화번호/);
    assert.ok(await phone.evaluate((it) => it === document.activeElement), 'the link leads to its field');
    assert.match(await phone.evaluate((it) => document.getElementById(it.getAttribute('aria-describedby')).textContent), /전화번호를 적어/);

    // By keyboard and labels alone.
    await page.keyboard.type('02-000-1234');
    await page.getByRole('group', { name: /누구의 영상/ }).getByLabel(/^본인/).check();
    await page.getByRole('group', { name: /무엇을 청구/ }).getByLabel(/열람/).check();
    await page.getByLabel(/정문/).check();
    await page.getByLabel(/^시작/).fill('2026-01-22T14:00');
    await page.getByLabel(/^끝/).fill('2026-01-22T14:30');
    await page.getByLabel(/^사유/).fill('주차장 접촉 사고. 흰색 승용차');
    await page.getByRole('group', { name: /답변을 어떻게/ }).getByLabel(/^방문/).check();
    await page.getByLabel(/안내를 읽었습니다/).check();
    await page.getByRole('button', { name: /보내기/ }).click();
    await page.getByRole('heading', { level: 1, name: /청구를 받았습니다/ }).waitFor();
    await seen(page, `${window}-sealed`);
    const receipt = await page.locator('#receipt').textContent();
    const code = await page.locator('#code').textContent();
    assert.ok(readdirSync(join(folder, 'form/waiting')).includes(`${receipt}.sealed`));

    // A wrong code, then the right one as somebody types it on a telephone.
    await page.getByRole('navigation').getByRole('link', { name: /처리 상태/ }).click();
    await seen(page, `${window}-status`);
    await page.getByLabel(/접수번호/).fill(receipt);
    await page.getByLabel(/확인코드/).fill('0000-0000-0000-0000');
    await page.getByRole('button', { name: /보기/ }).click();
    await page.getByRole('alert').waitFor();
    await seen(page, `${window}-unknown`);
    await page.getByLabel(/확인코드/).fill(code.toLowerCase().replaceAll('-', ' '));
    await page.getByRole('button', { name: /보기/ }).click();
    await page.getByText('전달 전').waitFor();
    await seen(page, `${window}-found`);
  });
}

test('nothing of it is a script, and a page elsewhere cannot send it', async () => {
  const page = await open(address);
  for (const path of ['/', '/request', '/status']) {
    const answer = await page.goto(new URL(path, address).href);
    assert.match(answer.headers()['content-security-policy'], /default-src 'none'/);
    assert.equal(await page.locator('script').count(), 0);
  }
  const foreign = await fetch(new URL('/request', address), { method: 'POST', body: 'a=1', headers: { origin: 'https://elsewhere.example' } });
  assert.equal(foreign.status, 403);
  assert.match(await foreign.text(), /02-000-0000/);
});

// The live wall.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { moving, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock();
after(() => mock.close());
beforeEach(() => {
  mock.world.acts.length = 0;
  mock.world.broken = [];
});

async function wall(options) {
  const page = await open(mock.address, options);
  await signIn(page, 'operator', PASSWORD);
  return page;
}

test('nine cameras move, each with its name, its age and the viewer; a dead one says why', async () => {
  const page = await wall();
  await moving(page, 8);
  const tiles = page.locator('.tile');
  assert.equal(await tiles.count(), 9);
  for (const text of await page.locator('.mark').allInnerTexts()) assert.match(text, /이도윤/);
  assert.match(await tiles.nth(0).innerText(), /정문[\s\S]*초 전/);
  assert.match(await tiles.nth(6).innerText(), /연결 안 됨/);
  assert.match(await tiles.nth(6).innerText(), /전원, 랜선, 주소/);
  assert.equal(mock.world.acts.length, 1);
  assert.equal(mock.world.acts[0].cameras.length, 9);
});

test('the age of the pictures stays small: the wall chases the live edge', async () => {
  const page = await wall();
  await moving(page, 8);
  await page.waitForTimeout(4000);
  const ages = (await page.locator('.age').allInnerTexts()).map((text) => Number.parseFloat(text)).filter((age) => !Number.isNaN(age));
  assert.equal(ages.length, 8);
  for (const age of ages) assert.ok(age < 3.5, `a picture is ${age} s old`);
});

test('keys move, enlarge, go back and pause', async () => {
  const page = await wall();
  await moving(page, 8);
  const focused = () => page.locator('.tile.focused .name').innerText();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  assert.match(await focused(), /엘리베이터 앞/);
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.tile:visible').count(), 1);
  assert.equal(mock.world.acts.length, 1, 'a larger tile of the same feed is the same act');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.tile:visible').count(), 9);
  await page.keyboard.press(' ');
  await page.getByText('일시정지', { exact: true }).first().waitFor();
  const at = () => page.$eval('video', (video) => video.currentTime);
  const before = await at();
  await page.waitForTimeout(1500);
  assert.equal(await at(), before, 'a paused wall stands still');
  await page.keyboard.press(' ');
  await moving(page, 8);
});

test('a camera with a smaller feed is asked for anew in its main feed when enlarged', async () => {
  const page = await wall();
  await moving(page, 8);
  await page.locator('.tile').nth(1).dblclick();
  await moving(page, 1);
  assert.equal(mock.world.acts.length, 2);
  assert.deepEqual(mock.world.acts[1].cameras.map((camera) => camera.name), ['로비']);
  await page.keyboard.press('Escape');
  await moving(page, 8);
  assert.equal(mock.world.acts.length, 3);
});

test('the layout turns through all cameras, and each screen is an act of its own', async () => {
  const page = await wall();
  await page.getByRole('button', { name: '4', exact: true }).click();
  await moving(page, 4);
  await page.getByText('1 / 3').waitFor();
  await page.keyboard.press('PageDown');
  await page.getByText('2 / 3').waitFor();
  await moving(page, 3);
  const last = mock.world.acts.at(-1);
  assert.deepEqual(last.cameras.map((camera) => camera.name), ['엘리베이터 앞', '비상계단', '옥상', '어린이 놀이터']);
});

test('a lost connection is said and made again; a right taken away is not asked for again', async () => {
  const page = await wall();
  await moving(page, 8);
  mock.world.hangUp('stopping');
  await page.getByText('녹화기가 다시 시작하는 중입니다.').waitFor();
  await moving(page, 8);
  assert.equal(mock.world.acts.length, 2);
  mock.world.hangUp('revoked');
  await page.getByText('열람 권한이 없어져').waitFor();
  await page.waitForTimeout(2000);
  assert.equal(mock.world.acts.length, 2);
});

test('who may not watch sees a pattern, opens no socket and has no video', async () => {
  for (const name of ['contractor', 'admin']) {
    const page = await open(mock.address);
    const sockets = [];
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await signIn(page, name, PASSWORD);
    await page.locator('canvas').nth(8).waitFor();
    assert.equal(await page.locator('video').count(), 0);
    assert.deepEqual(sockets, []);
    const painted = await page.$eval('canvas', (canvas) => canvas.getContext('2d').getImageData(10, 10, 1, 1).data[3]);
    assert.equal(painted, 255);
  }
  assert.equal(mock.world.acts.length, 0);
});

test('the wall works on a small screen without sideways scrolling', async () => {
  const page = await wall({ viewport: POCKET });
  await moving(page, 8);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= POCKET.width, `${wide} px`);
});

test('a failing list says so and can be tried again; no camera is a state of its own', async () => {
  mock.world.broken = ['/cameras'];
  const page = await wall();
  assert.match(await page.getByRole('alert').innerText(), /녹화기 내부에 문제/);
  mock.world.broken = [];
  const kept = mock.world.cameras;
  mock.world.cameras = [];
  await page.getByRole('button', { name: '다시 시도' }).click();
  await page.getByText('아직 카메라가 없습니다').waitFor();
  mock.world.cameras = kept;
});

// The mask editor: who stays to be seen and what is drawn, by mouse and by keyboard, and what is asked of the recorder.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, beforeEach, test } from 'node:test';

import ts from 'typescript';

import { manyBoxes, someBoxes } from '../../dev/boxes.mjs';
import { keep } from '../../dev/exports.mjs';
import { startMock } from '../../dev/mock.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
after(() => mock.close());

/** A module of src/mask without a page; of those that it needs none is of another folder. */
async function module(name) {
  const source = readFileSync(new URL(`../../src/mask/${name}.ts`, import.meta.url), 'utf8');
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
  let text = outputText;
  for (const [, from] of outputText.matchAll(/from '\.\/(\w+)'/g)) text = text.replace(`'./${from}'`, `'${(await module(from)).address}'`);
  const address = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
  return { address, it: await import(address) };
}

const { MaskClip } = (await module('clip')).it;
const edits = (await module('edits')).it;
const { doubts } = (await module('review')).it;

const MINUTE_MS = 60_000;
const iso = (ms) => new Date(ms).toISOString();
let copy;

beforeEach(() => {
  const from = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 180 * MINUTE_MS;
  const { id, name } = world.cameras[1];
  const granted = { kind: 'request', id: '2026-1', cameras: [{ id, name }], from: iso(from), until: iso(from + 10 * MINUTE_MS), may_be_whole: false };
  Object.assign(world.exports, { cases: [granted], preparing: [], copies: [], sealed: [], maskIsThere: true, opened: 0, asked: null, boxes: null, originalGone: false });
  copy = keep(world, { kind: 'request', id: '2026-1', masked: true });
});

async function editor(options) {
  const page = await open(`${mock.address}/#/exports`, options);
  await signIn(page, 'officer', PASSWORD);
  await page.getByRole('button', { name: '영상 1 가림 고치기' }).click();
  await page.getByRole('heading', { name: '가림 고치기' }).waitFor();
  await page.locator('.stage video').waitFor();
  await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
  return page;
}

/** A click at a place of the picture. */
async function press(page, x, y, act = 'click') {
  const box = await page.locator('.stage svg').boundingBox();
  const at = [box.x + (x / 640) * box.width, box.y + (y / 360) * box.height];
  if (act === 'click') await page.mouse.click(...at);
  else await page.mouse[act](...at);
}

const save = (page) => page.getByRole('button', { name: '이대로 다시 만들기' }).click();
const frameOf = async (page) => Number(/(\d+)\/300/.exec(await page.locator('output').innerText())[1]) - 1;

test('somebody is shown by mouse, an area is drawn with two keys, and just that is asked for', async () => {
  const other = { number: 2, camera: world.exports.copies[0].clips[0].camera, from: world.exports.copies[0].from, until: world.exports.copies[0].until, frames: 10, boxes: 0, covered_permille: 0, edits: { findings: 'e'.repeat(64), shown: [{ track: 9, first: 0, last: 3 }], areas: [] }, gaps: [] };
  world.exports.copies[0].clips.push(other);
  const page = await editor({ viewport: DESK });
  assert.equal(world.exports.opened, 1, 'the footage is opened once');
  await press(page, 30, 220);
  await page.locator('.picked').getByText('가려집니다.').waitFor();
  await page.getByRole('button', { name: '이 사람 보이기' }).click();
  await page.locator('.stage .shown').waitFor();

  await page.getByRole('button', { name: '가릴 곳 그리기' }).click();
  await press(page, 400, 40, 'move');
  await page.mouse.down();
  await press(page, 480, 100, 'move');
  await page.mouse.up();
  await page.locator('.picked').getByText('직접 그린 곳 1').waitFor();
  // A second later it lies elsewhere.
  await page.locator('.editor').press('Shift+ArrowRight');
  assert.equal(await frameOf(page), 25);
  await press(page, 440, 70, 'move');
  await page.mouse.down();
  await press(page, 340, 70, 'move');
  await page.mouse.up();
  // And is taken back and done again.
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Shift+z');
  await save(page);
  await page.getByRole('dialog').getByRole('button', { name: '그대로 만들기' }).click();
  await page.getByText('새 작업본을 만들기 시작했습니다', { exact: false }).waitFor();

  const { asked } = world.exports;
  assert.equal(asked.masked, true);
  assert.deepEqual(asked.edits[1], { clip: 2, edits: other.edits }, 'another clip keeps its own');
  const { clip, edits: mine } = asked.edits[0];
  assert.deepEqual([clip, mine.findings, mine.shown], [1, 'f'.repeat(64), [{ track: 1, first: 0, last: 299 }]]);
  const [area] = mine.areas;
  assert.equal(area.what, 'cover');
  assert.deepEqual(area.keys.map(({ frame }) => frame), [0, 25, 50]);
  const [first, second] = area.keys;
  const near = (one, place) => ['left', 'top', 'right', 'bottom'].forEach((side, at) => assert.ok(Math.abs(one[side] - place[at]) <= 3, JSON.stringify(one)));
  near(first, [400, 40, 480, 100]);
  near(second, [300, 40, 380, 100]);
});

test('all of it goes by keyboard, and leaving with changes asks', async () => {
  const page = await editor({ viewport: DESK });
  const key = (name) => page.keyboard.press(name);
  await page.locator('.editor h1').click();
  const left = () => page.locator('[data-open]').getAttribute('data-open').then(Number);
  const before = await left();
  assert.ok(before >= 4, `${before} places are uncertain`);
  await key('n');
  await key('k');
  assert.equal(await left(), before - 1);
  await key('Home');
  await key('ArrowRight');
  assert.equal(await frameOf(page), 1);
  await key('Escape');
  await key('b');
  await page.locator('.picked').getByText('가려집니다.').waitFor();
  await key('s');
  await page.locator('.stage .shown').waitFor();
  await page.getByRole('button', { name: '이 장면까지 보이기' }).click();
  await page.getByText('보입니다 (0:00.0–0:00.0).').waitFor();
  await page.locator('.editor h1').click();
  await key('d');
  await page.getByRole('button', { name: '가운데에 놓기' }).click();
  await page.locator('.editor h1').click();
  await key('Alt+ArrowLeft');
  await key('Alt+Shift+ArrowUp');
  await page.locator('.own.cover').waitFor();
  await key('Delete');
  assert.equal(await page.locator('.own').count(), 0);
  await key('Control+z');
  assert.equal(await page.locator('.own').count(), 1, 'taken back');
  await key('?');
  await page.getByRole('dialog').getByText('미리보기').waitFor();
  await key('Escape');
  await page.getByRole('button', { name: '돌아가기' }).click();
  await page.getByRole('dialog').getByText('고친 것을 버릴까요?').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: '계속 고치기' }).click();
  await page.getByRole('button', { name: '돌아가기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '버리기' }).click();
  await page.getByRole('heading', { name: '내보낼 수 있는 건' }).waitFor();
  assert.equal(world.exports.asked, null, 'nothing was made of it');
});

test('a copy that is proposed is edited no more, and footage that is gone is told', async () => {
  world.exports.originalGone = true;
  const page = await open(`${mock.address}/#/exports`, { viewport: DESK });
  await signIn(page, 'officer', PASSWORD);
  await page.getByRole('button', { name: '영상 1 가림 고치기' }).click();
  await page.getByText('이 시간의 영상은 남아 있지 않습니다', { exact: false }).waitFor();
  await page.getByRole('button', { name: '돌아가기' }).click();
  await page.getByRole('button', { name: '영상 1 보기' }).click();
  await page.getByRole('button', { name: '승인 올리기' }).click();
  await page.getByLabel('확인한 것').fill('확인');
  await page.getByRole('button', { name: '올리기', exact: true }).click();
  await page.getByText('다른 사람의 승인을 기다립니다', { exact: false }).waitFor();
  assert.equal(await page.getByRole('button', { name: '영상 1 가림 고치기' }).count(), 0);
});

for (const [name, viewport] of Object.entries({ desk: DESK, pocket: POCKET })) {
  test(`it reads well: ${name}`, async () => {
    const page = await editor({ viewport });
    await press(page, 30, 220);
    await sound(page);
    await page.getByLabel('미리보기').check();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.ok(!wide, 'nothing reaches beyond the screen');
  });
}

test('ten minutes of a crowd open and step quickly', async () => {
  world.exports.boxes = manyBoxes();
  const page = await open(`${mock.address}/#/exports`, { viewport: DESK });
  await signIn(page, 'officer', PASSWORD);
  const button = page.getByRole('button', { name: '영상 1 가림 고치기' });
  await button.waitFor();
  const began = Date.now();
  await button.click();
  await page.locator('.stage svg').waitFor();
  const opened = Date.now() - began;
  const stepped = await page.evaluate(async () => {
    const times = [];
    for (let at = 0; at < 30; at += 1) {
      const from = performance.now();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
      await new Promise((done) => setTimeout(done, 0));
      times.push(performance.now() - from);
    }
    return times.sort((one, other) => one - other)[15];
  });
  console.log(`# 300 tracks, 15,000 frames: open in ${opened} ms, a step in ${stepped.toFixed(1)} ms`);
  // As on a machine that is busy besides.
  assert.ok(opened < 8_000 && stepped < 200, `${opened} ms, ${stepped} ms`);
});

test('a frame has one time, and a time one frame', () => {
  const file = someBoxes();
  file.times_ms = file.times_ms.map((ms, frame) => ms + (frame >= 100 ? 2000 : 0));
  const clip = new MaskClip(file);
  for (const frame of [0, 1, 99, 100, 101, 299]) assert.equal(clip.frameAt(clip.middleOf(frame)), frame);
  assert.equal(clip.frameAt(clip.timeOf(100) - 5), 99, 'while it stalls the last picture is shown');
  assert.equal(clip.secondFrom(0, 1), 25);
  assert.deepEqual(clip.tracksAt(205).map(({ track }) => track.number), [1, 2, 3]);
  assert.equal(clip.movesAt(50).length + clip.movesAt(49).length, 1);
  delete file.times_ms;
  assert.equal(new MaskClip(file).timeOf(50), 2000);
});

test('what is decided is a new whole, and an area is where its keys say', () => {
  const none = { findings: null, shown: [], areas: [] };
  const box = (left) => ({ left, top: 10, right: left + 20, bottom: 30 });
  let now = edits.withArea(none, { what: 'cover', keys: [{ frame: 10, ...box(0) }, { frame: 20, ...box(100) }] });
  assert.equal(none.areas.length, 0);
  assert.equal(edits.areaAt(now.areas[0], 15).left, 50);
  assert.equal(edits.areaAt(now.areas[0], 21), null);
  now = edits.bounded(now, 0, 'last', 15);
  assert.deepEqual(now.areas[0].keys.map(({ frame, left }) => [frame, left]), [[10, 0], [15, 50]]);
  now = edits.bounded(now, 0, 'first', 5);
  assert.deepEqual(now.areas[0].keys.map(({ frame, left }) => [frame, left]), [[5, 0], [10, 0], [15, 50]]);
  now = edits.withoutKey(edits.withoutKey(edits.withoutKey(now, 0, 5), 0, 10), 0, 15);
  assert.equal(now.areas.length, 0);
  assert.deepEqual(edits.fit({ left: 700, top: -5, right: 630.4, bottom: -5 }, 640, 360), { left: 630, top: 0, right: 640, bottom: 2 });
  const shown = edits.limited(edits.toggled(none, 4, 300), 4, 'last', 30);
  assert.ok(edits.isShown(shown, 4, 30) && !edits.isShown(shown, 4, 31) && !edits.isShown(shown, 5, 0));
  assert.equal(edits.toggled(shown, 4, 300).shown.length, 0);
});

test('a person looks where the program was not sure', () => {
  const clip = new MaskClip(someBoxes());
  const none = { findings: null, shown: [], areas: [] };
  const why = (all) => all.map(({ why, track, first }) => `${why} ${track ?? '-'} ${first}`);
  assert.deepEqual(why(doubts(clip, none)), ['moves - 50', 'unsure 1 100', 'appears 2 150', 'short 3 200']);
  const shown = edits.toggled(none, 1, 300);
  assert.ok(why(doubts(clip, shown)).some((it) => it.startsWith('meets 1 ')), 'who is shown passes another');
});

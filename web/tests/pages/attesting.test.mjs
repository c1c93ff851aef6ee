// Recording what a person saw of a promise that the recorder cannot see.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { announce, promises, yearly } from '../../dev/policy.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 2 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => {
  world.policies = [];
  world.attestations = [];
  world.broken = [];
  announce(world);
  world.promises = promises({ 'safety.room': 'unproven' });
  world.yearly = [];
});

const SENTENCE = '녹화 장치는 잠금장치가 있는 보관시설에 둡니다.';

async function as(name, options) {
  const page = await open(`${mock.address}/#/promises`, options);
  await signIn(page, name, PASSWORD);
  await page.locator('.figures').waitFor();
  return page;
}

const asking = (page) => page.getByRole('button', { name: /^(확인 기록|Record what you saw):/ });
const dialog = (page) => page.getByRole('dialog');
const row = (page) => page.getByRole('region', { name: '7. 기술적' }).getByRole('listitem');

test('only who answers for the cameras is asked, and only about what the recorder cannot see', async () => {
  for (const name of ['manager', 'admin']) {
    const page = await as(name);
    assert.equal(await asking(page).count(), 1, name);
    assert.match(await asking(page).getAttribute('aria-label'), /잠금장치가 있는 보관시설/);
  }
  for (const name of ['operator', 'contractor']) {
    const page = await as(name);
    await row(page).getByText('사람이 180일마다 확인합니다.').waitFor();
    assert.equal(await asking(page).count(), 0, name);
  }
});

test('a yearly duty stands apart from what is published, is not counted, and is recorded the same way', async () => {
  const before = await as('manager');
  assert.equal(await before.getByRole('region', { name: '관리책임자가 해마다 할 일' }).count(), 0);
  const counted = await before.locator('.figures .big').allInnerTexts();
  world.yearly = yearly();
  const page = await as('manager');
  const duties = page.getByRole('region', { name: '관리책임자가 해마다 할 일' });
  await duties.getByText('공개한 방침의 약속은 아니며').waitFor();
  assert.deepEqual(await page.locator('.figures .big').allInnerTexts(), counted);
  assert.match(await duties.getByRole('listitem').innerText(), /확인 안 됨[\s\S]*교육 계획[\s\S]*365일마다[\s\S]*제37조제2항/);
  await duties.getByRole('button', { name: /확인 기록/ }).click();
  await dialog(page).getByRole('radio', { name: '약속대로임' }).check();
  await dialog(page).getByRole('button', { name: '기록', exact: true }).click();
  await page.getByRole('status').filter({ hasText: '확인한 것을 기록했습니다' }).waitFor();
  assert.equal(world.attestations[0].promise, 'duty.training');
});

test('by keyboard alone: what was seen is recorded, counts, and says that it is a word', async () => {
  const page = await as('manager');
  await asking(page).focus();
  await page.keyboard.press('Enter');
  await dialog(page).getByText(SENTENCE).waitFor();
  await dialog(page).getByRole('radio', { name: '약속대로임' }).focus();
  await page.keyboard.press('Space');
  await dialog(page).getByLabel('남길 말(선택)').focus();
  await page.keyboard.type('서버실 문이 잠겨 있음');
  await dialog(page).getByRole('button', { name: '기록', exact: true }).focus();
  await page.keyboard.press('Enter');
  const told = page.getByRole('status').filter({ hasText: '확인한 것을 기록했습니다' });
  await told.waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent?.includes('확인한 것을 기록했습니다'));
  const { entry, result } = world.attestations[0];
  assert.equal(result, 'seen-so');
  assert.match(await row(page).innerText(), /지켜짐[\s\S]*관리책임자가 \d{4}-\d{2}-\d{2}에 확인하여[\s\S]*시스템이 본 것이 아닙니다/);
  assert.equal(await row(page).getByRole('link', { name: entry }).getAttribute('href'), `#/ledger?entry=${entry}`);
});

test('what is otherwise is a broken promise, until somebody sees it so', async () => {
  const page = await as('manager');
  await asking(page).click();
  await dialog(page).getByRole('radio', { name: '약속과 다름' }).check();
  await dialog(page).getByRole('button', { name: '기록', exact: true }).click();
  await page.getByRole('region', { name: '어긋난 약속' }).waitFor();
  await asking(page).first().click();
  await dialog(page).getByRole('radio', { name: '약속대로임' }).check();
  await dialog(page).getByRole('button', { name: '기록', exact: true }).click();
  await page.getByRole('region', { name: '어긋난 약속' }).waitFor({ state: 'detached' });
});

test('nothing is recorded without a result, nor with too long a remark', async () => {
  const page = await as('manager');
  await asking(page).click();
  const send = dialog(page).getByRole('button', { name: '기록', exact: true });
  await send.click();
  assert.equal(world.attestations.length, 0, 'the browser asks for a result');
  await dialog(page).getByLabel('남길 말(선택)').fill('가'.repeat(501));
  await dialog(page).getByText('501 / 500').waitFor();
  assert.ok(await send.isDisabled());
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(await asking(page).evaluate((element) => element === document.activeElement), true);
});

test('a refusal stands in the dialog, and what was written stays', async () => {
  const page = await as('manager');
  await asking(page).click();
  await dialog(page).getByRole('radio', { name: '약속대로임' }).check();
  await dialog(page).getByLabel('남길 말(선택)').fill('문이 잠겨 있음');
  world.broken = ['/attestations'];
  await dialog(page).getByRole('button', { name: '기록', exact: true }).click();
  await dialog(page).getByRole('alert').getByText('녹화기 내부에 문제가').waitFor();
  assert.equal(await dialog(page).getByLabel('남길 말(선택)').inputValue(), '문이 잠겨 있음');
  world.broken = [];
  await dialog(page).getByRole('button', { name: '기록', exact: true }).click();
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(world.attestations.length, 1);
});

/** A picture as a telephone would take it: larger than may be recorded. */
async function photograph(page) {
  const text = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: 2400, height: 1800 });
    const paper = canvas.getContext('2d');
    for (let i = 0; i < 4000; i += 1) {
      paper.fillStyle = `hsl(${(i * 47) % 360} 80% 50%)`;
      paper.fillRect((i * 97) % 2400, (i * 61) % 1800, 60, 40);
    }
    return canvas.toDataURL('image/png').split(',')[1];
  });
  return Buffer.from(text, 'base64');
}

test('a picture is made smaller, recorded with it, and shown with the record', async () => {
  const page = await as('manager');
  await asking(page).click();
  const field = dialog(page).getByLabel('사진(선택)');
  await field.setInputFiles({ name: 'note.txt', mimeType: 'image/png', buffer: Buffer.from('not a picture') });
  await dialog(page).getByRole('alert').getByText('사진으로 읽을 수 없는 파일입니다').waitFor();
  const buffer = await photograph(page);
  await field.setInputFiles({ name: 'door.png', mimeType: 'image/png', buffer });
  await dialog(page).getByRole('img', { name: '기록할 사진' }).waitFor();
  await dialog(page).getByRole('radio', { name: '약속대로임' }).check();
  await dialog(page).getByRole('button', { name: '기록', exact: true }).click();
  await dialog(page).waitFor({ state: 'detached' });
  const { entry } = world.attestations[0];
  const bytes = Buffer.from(world.entries[Number(entry.split('/')[1])].detail.picture_base64, 'base64');
  assert.ok(bytes.length <= 512 * 1024, `${bytes.length} bytes`);
  assert.deepEqual([...bytes.subarray(0, 3), ...bytes.subarray(-2)], [0xff, 0xd8, 0xff, 0xff, 0xd9]);
  await row(page).getByRole('link', { name: entry }).click();
  const shown = page.getByRole('img', { name: '기록에 붙은 사진' });
  await shown.waitFor();
  await page.waitForFunction(() => document.querySelector('dialog canvas')?.width === 1600);
  await sound(page, 'the record with its picture');
});

/** A grey wall, on it a face: magenta, from 60 % to 80 % of the width and 25 % to 50 % of the height. */
async function faced(page) {
  const text = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: 1000, height: 800 });
    const paper = canvas.getContext('2d');
    paper.fillStyle = '#808080';
    paper.fillRect(0, 0, 1000, 800);
    paper.fillStyle = '#ff00ff';
    paper.fillRect(600, 200, 200, 200);
    return canvas.toDataURL('image/png').split(',')[1];
  });
  return Buffer.from(text, 'base64');
}

/** Of the picture that was recorded: how many pixels have something of the face, and the colour at a place. */
async function sent(page, at = [0.7, 0.375]) {
  const entry = world.entries[Number(world.attestations[0].entry.split('/')[1])];
  return page.evaluate(
    async ([text, [x, y]]) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes]));
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      const paper = canvas.getContext('2d');
      paper.drawImage(image, 0, 0);
      const all = paper.getImageData(0, 0, image.width, image.height).data;
      let face = 0;
      for (let i = 0; i < all.length; i += 4) if (all[i] - all[i + 1] > 60 && all[i + 2] - all[i + 1] > 60) face += 1;
      return { face, colour: [...paper.getImageData(Math.round(x * image.width), Math.round(y * image.height), 1, 1).data].slice(0, 3) };
    },
    [entry.detail.picture_base64, at],
  );
}

async function withFace(page) {
  await asking(page).click();
  await dialog(page).getByLabel('사진(선택)').setInputFiles({ name: 'wall.png', mimeType: 'image/png', buffer: await faced(page) });
  const picture = dialog(page).getByRole('img', { name: '기록할 사진' });
  await picture.waitFor();
  await dialog(page).getByRole('radio', { name: '약속대로임' }).check();
  return picture.locator('canvas');
}

async function recorded(page) {
  await dialog(page).getByRole('button', { name: '기록', exact: true }).click();
  await dialog(page).waitFor({ state: 'detached' });
}

const isBlack = (colour) => colour.every((part) => part < 12);

test('a face is masked by dragging over it, and nothing of it leaves the browser; without a mask it does', async () => {
  const page = await as('manager');
  await withFace(page);
  await recorded(page);
  const open = await sent(page);
  assert.ok(open.face > 35_000, `the control shows the face: ${open.face} pixels`);
  assert.ok(open.colour[0] > 200 && open.colour[1] < 60, `magenta, not ${open.colour}`);

  const canvas = await withFace(page);
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  const drag = async ([left, top], [right, bottom]) => {
    await page.mouse.move(box.x + left * box.width, box.y + top * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + right * box.width, box.y + bottom * box.height, { steps: 4 });
    await page.mouse.up();
  };
  await drag([0.82, 0.52], [0.57, 0.22]);
  await dialog(page).getByText('1곳을 가렸습니다.').waitFor();
  await sound(page, 'the picture with a mask');
  await recorded(page);
  const masked = await sent(page);
  assert.equal(masked.face, 0, 'no pixel of the face is left');
  assert.ok(isBlack(masked.colour), `black, not ${masked.colour}`);
  const beside = await sent(page, [0.2, 0.8]);
  assert.ok(beside.colour.every((part) => Math.abs(part - 128) < 8), 'what is beside it stays as it was');
});

test('by keyboard alone a mask is added, moved, made larger and taken away again', async () => {
  const page = await as('manager');
  await withFace(page);
  await dialog(page).getByRole('button', { name: '가림 추가' }).focus();
  await page.keyboard.press('Enter');
  const mask = dialog(page).getByRole('button', { name: '가림 1', exact: true });
  assert.ok(await mask.evaluate((element) => element === document.activeElement), 'the new mask has the focus');
  for (let i = 0; i < 9; i += 1) await page.keyboard.press('ArrowRight');
  for (let i = 0; i < 9; i += 1) await page.keyboard.press('ArrowUp');
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Shift+ArrowRight');
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('Shift+ArrowDown');
  await dialog(page).getByRole('button', { name: '가림 추가' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Delete');
  await dialog(page).getByText('1곳을 가렸습니다.').waitFor();
  await recorded(page);
  const masked = await sent(page);
  assert.equal(masked.face, 0);
  const middle = await sent(page, [0.45, 0.55]);
  assert.ok(!isBlack(middle.colour), 'the mask that was taken away is not burnt in');
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`the dialog is accessible and fits at ${size}, in both languages`, async () => {
    for (const language of ['ko', 'en']) {
      const page = await as('manager', { viewport, language });
      await asking(page).click();
      await dialog(page).waitFor();
      await dialog(page).locator('input[type=file]').setInputFiles({ name: 'wall.png', mimeType: 'image/png', buffer: await faced(page) });
      await dialog(page).locator('canvas').waitFor();
      await sound(page, `the dialog in ${language}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
    }
  });
}

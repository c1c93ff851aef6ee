// Floor plans: what is shown of cameras, who may change it, and how: by pointer and by keys alone.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { addFloor } from '../../dev/plans.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock();
const { world } = mock;
after(() => mock.close());

const admin = () => world.accounts.find((account) => account.name === 'admin');
const place = (i, x, y, more = {}) => ({ camera: world.cameras[i].id, x_permyriad: x, y_permyriad: y, direction_deg: null, angle_deg: null, reach_permyriad: null, ...more });
const SITE = { site: '청사 부지', building: '본관' };

beforeEach(() => {
  world.floors = [];
  world.broken = [];
  world.cameras.forEach((camera, i) => (camera.state = i === 6 ? 'unreachable' : 'recording'));
});

function twoFloors() {
  const first = addFloor(world, admin(), { ...SITE, name: '1층', level: 1 }, [place(0, 2000, 5000, { direction_deg: 90, angle_deg: 70 }), place(1, 6000, 3000)]);
  const basement = addFloor(world, admin(), { ...SITE, name: '지하 1층', level: -1 }, [place(2, 5000, 5000)]);
  return { first, basement };
}

async function as(name, { floor = null, ...options } = {}) {
  const page = await open(`${mock.address}/#/plans${floor ? `?floor=${floor.id}` : ''}`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { name: /^(평면도|Floor plans)$/ }).waitFor();
  return page;
}

const sheet = (page) => page.getByRole('group', { name: /평면도$|^Plan of/ });
const mark = (page, name) => sheet(page).getByRole('button', { name });
const region = (page, name) => page.getByRole('region', { name });
const focused = (locator) => locator.evaluate((element) => element === document.activeElement);

test('cameras stand on their floor with what they do, and in lists beside it', async () => {
  const { first } = twoFloors();
  world.cameras[1].state = 'off-hours';
  world.cameras[0].state = 'not-ordered';
  const page = await as('operator', { floor: first });
  await mark(page, '1. 정문, 녹화하지 않음').waitFor();
  await mark(page, '2. 로비, 촬영시간 아님').waitFor();
  assert.equal(await sheet(page).getByRole('button').count(), 2);
  // Not by colour alone: another sign for each tone.
  assert.deepEqual(await sheet(page).locator('.sign').allInnerTexts(), ['■', '○']);
  assert.equal(await sheet(page).locator('path').nth(0).getAttribute('d').then((d) => d.includes('A')), true, 'a cone');
  assert.equal(await sheet(page).locator('path').nth(1).getAttribute('d'), '', 'nobody said whither it looks');
  assert.match(await region(page, '이 층의 카메라 2대').innerText(), /정문[\s\S]*녹화하지 않음[\s\S]*방향 90°, 화각 70°[\s\S]*로비[\s\S]*촬영시간 아님/);
  assert.match(await region(page, '자리가 없는 카메라 6대').innerText(), /옥상[\s\S]*연결 안 됨/);
  await region(page, '다른 층의 카메라 1대').getByRole('button', { name: '주차장 동쪽: 그 층 보기' }).click();
  await mark(page, '1. 주차장 동쪽, 녹화 중').waitFor();
  assert.equal(await page.getByRole('combobox', { name: '층', exact: true }).inputValue(), world.floors.find((floor) => floor.level === -1).id);
});

test('a mark opens its camera by a click and by Enter', async () => {
  const { first } = twoFloors();
  const page = await as('manager', { floor: first });
  await mark(page, /정문/).click();
  await page.getByRole('dialog', { name: '정문' }).waitFor();
  await page.keyboard.press('Escape');
  await mark(page, /로비/).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: '로비' }).waitFor();
});

test('who may not change a plan is not offered it', async () => {
  const { first } = twoFloors();
  for (const [name, may] of [['operator', 0], ['contractor', 0], ['officer', 0], ['admin', 1], ['manager', 1]]) {
    const page = await as(name, { floor: first });
    await mark(page, /정문/).waitFor();
    for (const button of ['고치기', '건물·층 추가', '층 없애기']) {
      assert.equal(await page.getByRole('button', { name: button }).count(), may, `${button} for ${name}`);
    }
  }
});

test('the first floor is added, and a camera put on it, turned and kept by keyboard alone', async () => {
  const page = await as('admin');
  await page.getByRole('heading', { name: '아직 층이 없습니다' }).waitFor();
  await page.getByRole('button', { name: '건물·층 추가' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  for (const [label, text] of [['시설', '청사 부지'], ['건물', '별관'], ['층', '2층']]) {
    await dialog.getByRole(label === '층' ? 'textbox' : 'combobox', { name: label }).focus();
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await sheet(page).waitFor();
  await page.getByText('빈 모눈에 놓습니다').waitFor();
  await page.getByRole('button', { name: '고치기' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '정문 이 층에 놓기' }).focus();
  await page.keyboard.press('Enter');
  assert.ok(await focused(mark(page, /정문/)), 'the new mark has the focus');
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp', 'Shift+ArrowUp', ']', ']', '[']) await page.keyboard.press(key);
  await page.getByLabel('화각(°)').fill('80');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: '저장', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: '평면도를 저장했습니다' }).waitFor();
  assert.deepEqual(world.floors[0].cameras, [place(0, 5300, 4830, { direction_deg: 15, angle_deg: 80 })]);
  assert.deepEqual([world.floors[0].building, world.floors[0].level], ['별관', 1]);
});

test('by pointer: a camera is chosen, put by a click, dragged, taken off; leaving keeps nothing', async () => {
  const { first } = twoFloors();
  const page = await as('manager', { floor: first });
  const at = async (x, y) => {
    const box = await sheet(page).boundingBox();
    return [box.x + box.width * x, box.y + box.height * y];
  };
  await page.getByRole('button', { name: '고치기' }).click();
  await page.getByRole('button', { name: '주차장 서쪽 이 층에 놓기' }).click();
  await page.mouse.click(...(await at(0.8, 0.8)));
  const lobby = await mark(page, /로비/).boundingBox();
  await page.mouse.move(lobby.x + lobby.width / 2, lobby.y + lobby.height / 2);
  await page.mouse.down();
  await page.mouse.move(...(await at(0.3, 0.2)), { steps: 5 });
  await page.mouse.up();
  await mark(page, /정문/).click();
  await page.getByRole('button', { name: '이 층에서 빼기' }).click();
  await page.getByRole('button', { name: '저장', exact: true }).click();
  await page.getByRole('status').filter({ hasText: '저장했습니다' }).waitFor();
  const kept = world.floors.find((floor) => floor.id === first.id).cameras;
  assert.deepEqual(kept.map((each) => each.camera), [world.cameras[1].id, world.cameras[3].id]);
  for (const [index, x, y] of [[0, 3000, 2000], [1, 8000, 8000]]) {
    assert.ok(Math.abs(kept[index].x_permyriad - x) < 60 && Math.abs(kept[index].y_permyriad - y) < 60, JSON.stringify(kept[index]));
  }
  await page.getByRole('button', { name: '고치기' }).click();
  await mark(page, /로비/).click();
  await page.getByRole('button', { name: '이 층에서 빼기' }).click();
  await page.getByRole('button', { name: '그만두기' }).click();
  await mark(page, /로비/).waitFor();
  assert.equal(world.floors.find((floor) => floor.id === first.id).cameras.length, 2, 'leaving keeps nothing');
});

/** A drawing larger than may be kept, with a red corner at the right below. */
async function drawing(page) {
  const text = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 3000, height: 1500 });
    const paper = canvas.getContext('2d');
    paper.fillStyle = '#fff';
    paper.fillRect(0, 0, 3000, 1500);
    for (let i = 0; i < 3000; i += 1) {
      paper.fillStyle = `hsl(${(i * 47) % 360} 60% 60%)`;
      paper.fillRect((i * 97) % 3000, (i * 61) % 1000, 40, 20);
    }
    paper.fillStyle = '#f00';
    paper.fillRect(2500, 1250, 500, 250);
    return canvas.toDataURL('image/png').split(',')[1];
  });
  return Buffer.from(text, 'base64');
}

test('a plan is uploaded small enough, drawn under the cameras, and taken away again', async () => {
  const { first } = twoFloors();
  const page = await as('admin', { floor: first });
  await page.getByRole('button', { name: '고치기' }).click();
  const field = page.getByLabel('평면도 그림(JPEG, PNG)');
  await field.setInputFiles({ name: 'plan.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.getByRole('alert').getByText('사진으로 읽을 수 없는 파일입니다').waitFor();
  await field.setInputFiles({ name: 'plan.png', mimeType: 'image/png', buffer: await drawing(page) });
  await page.waitForFunction(() => !document.querySelector('.sheet canvas')?.hidden);
  const kept = Buffer.from(world.floors.find((floor) => floor.id === first.id).bytes, 'base64');
  assert.ok(kept.length <= 512 * 1024, `${kept.length} bytes`);
  assert.deepEqual([...kept.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  // The drawing lies where the marks are measured: its corner is red, and twice as wide as high.
  const shown = await page.evaluate(() => {
    const canvas = document.querySelector('.sheet canvas');
    const box = document.querySelector('.sheet').getBoundingClientRect();
    const [x, y] = [Math.round(canvas.width * 0.95), Math.round(canvas.height * 0.95)];
    return { colour: [...canvas.getContext('2d').getImageData(x, y, 1, 1).data], aspect: box.width / box.height };
  });
  assert.ok(shown.colour[0] > 200 && shown.colour[1] < 60, `${shown.colour}`);
  assert.ok(Math.abs(shown.aspect - 2) < 0.05, `${shown.aspect}`);
  // Places go on being changed after the picture was kept.
  await page.getByRole('button', { name: '비상계단 이 층에 놓기' }).click();
  await page.getByRole('button', { name: '저장', exact: true }).click();
  await page.getByRole('status').filter({ hasText: '저장했습니다' }).waitFor();
  assert.equal(world.floors.find((floor) => floor.id === first.id).cameras.length, 3);
  await page.getByRole('button', { name: '고치기' }).click();
  await page.getByRole('button', { name: '그림 빼기' }).click();
  await page.getByText('빈 모눈에 놓습니다').waitFor();
  assert.equal(world.floors.find((floor) => floor.id === first.id).picture, null);
});

test('what another changed meanwhile is not overwritten, and failures are told', async () => {
  const { first } = twoFloors();
  const page = await as('admin', { floor: first });
  await page.getByRole('button', { name: '고치기' }).click();
  world.floors.find((floor) => floor.id === first.id).revision = '2026/999';
  await page.getByRole('button', { name: '저장', exact: true }).click();
  await page.getByRole('alert').getByText('그사이 다른 사람이 이 층을 바꾸었습니다').waitFor();
  world.broken = ['/plans'];
  const other = await as('manager', { floor: first });
  await other.getByRole('alert').getByText('녹화기 내부에 문제가').waitFor();
  world.broken = [];
  await other.getByRole('button', { name: '다시 시도' }).click();
  await mark(other, /정문/).waitFor();
});

test('a floor is renamed and removed, and its cameras are free', async () => {
  const { first } = twoFloors();
  const page = await as('manager', { floor: first });
  await page.getByRole('button', { name: '이름 바꾸기' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: '층' }).fill('로비층');
  await page.getByRole('dialog').getByRole('button', { name: '저장', exact: true }).click();
  await sheet(page).and(page.getByRole('group', { name: '로비층 평면도' })).waitFor();
  assert.equal(world.floors.find((floor) => floor.id === first.id).cameras.length, 2, 'cameras stay');
  await page.getByRole('button', { name: '층 없애기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '없애기', exact: true }).click();
  await region(page, '자리가 없는 카메라 8대').waitFor();
  assert.deepEqual(world.floors.map((floor) => floor.name), ['지하 1층']);
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`the page is accessible and fits at ${size}, in both languages`, async () => {
    const { first } = twoFloors();
    for (const language of ['ko', 'en']) {
      const page = await as('admin', { floor: first, viewport, language });
      await mark(page, /정문/).waitFor();
      await sound(page, `the plans in ${language}`);
      await page.getByRole('button', { name: /^(고치기|Edit)$/ }).click();
      await mark(page, /정문/).click();
      await sound(page, `changing a plan in ${language}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
    }
  });
}

// Signs: what each says, for which cameras, whether somebody saw them hang, and where none does.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { announce, promises } from '../../dev/policy.mjs';
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
  world.promises = promises();
});

async function as(name, options) {
  const page = await open(`${mock.address}/#/signs`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { level: 1, name: /^(안내판|Signs)$/ }).waitFor();
  return page;
}

test('without a policy there is no sign, and it is said why', async () => {
  const page = await as('operator');
  await page.getByText('안내판은 방침에서 나옵니다').waitFor();
  assert.equal(await page.getByRole('region').count(), 0);
});

test('each sign says its lines and for which cameras it speaks; where none hangs stands apart', async () => {
  announce(world);
  const page = await as('operator');
  const sign = page.getByRole('region', { name: 'CCTV 촬영 중' });
  assert.match(await sign.innerText(), /설치 목적\s+시설안전, 범죄예방[\s\S]*촬영 시간\s+24시간[\s\S]*관리책임자\s+총무과 02-000-0000/);
  const covers = await sign.getByRole('listitem').allInnerTexts();
  const cameras = covers.map((text) => Number(/(\d+)대/.exec(text)[1])).reduce((sum, count) => sum + count, 0);
  assert.match(await sign.innerText(), new RegExp(`${covers.length}곳 · 카메라 ${cameras}대`));
  const none = page.getByRole('region', { name: '안내판을 붙이지 않는 곳' });
  assert.equal(await none.getByRole('listitem').count(), 1);
  assert.ok(!covers.includes(await none.getByRole('listitem').innerText()), 'in one list only');
});

test('whether they hang is the promise, and who may record it is led there by keyboard', async () => {
  announce(world);
  world.promises = [{ ...promises()[0], id: 'signs', state: 'unproven', evidence: '아직 확인한 사람이 없습니다.', attested_every_days: 90 }];
  const watching = await as('operator');
  await watching.getByRole('link', { name: '약속에서 보기' }).waitFor();
  const page = await as('manager');
  const hang = page.getByRole('region', { name: '붙어 있는지' });
  await hang.getByText('아직 확인한 사람이 없습니다.').waitFor();
  assert.match(await hang.innerText(), /확인 안 됨/);
  await page.getByRole('link', { name: '약속에서 확인한 것을 기록하기' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'promise-signs');
});

for (const [width, options] of [['1440', DESK], ['390', POCKET]]) {
  test(`it is accessible and fits at ${width}, in both languages`, async () => {
    announce(world);
    for (const locale of ['ko-KR', 'en-US']) {
      const page = await as('manager', { ...options, locale });
      await page.getByRole('region', { name: 'CCTV 촬영 중' }).waitFor();
      await sound(page);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${over} px too wide`);
    }
  });
}

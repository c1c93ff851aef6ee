// The institution: what its description says, what there is of it, and what was found beside each part.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { FINDINGS } from '../../dev/institution.mjs';
import { startMock } from '../../dev/mock.mjs';
import { announce } from '../../dev/policy.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => {
  world.policies = [];
  world.findings = [];
  world.strays = [];
  world.broken = [];
});

async function as(name, options) {
  const page = await open(`${mock.address}/#/institution`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { name: /^(기관|Institution)$/, level: 1 }).waitFor();
  return page;
}

const part = (page, name) => page.getByRole('region', { name });

test('without a policy in force it leads to the page of the policy', async () => {
  const page = await as('officer');
  await page.getByRole('heading', { name: '시행 중인 방침이 없습니다' }).waitFor();
  await page.getByRole('link', { name: '방침 보기' }).click();
  await page.getByRole('heading', { name: '방침', level: 1 }).waitFor();
});

test('everybody who is signed in reads who, where, how long, and what is there', async () => {
  announce(world);
  for (const name of ['officer', 'contractor']) {
    const page = await as(name);
    const who = await part(page, '한빛구립도서관').innerText();
    assert.match(who, /쓰지 않는 표기[\s\S]*한빛도서관[\s\S]*한빛구립문고\(2019-03-02 전까지\)[\s\S]*한빛구 도서관길 1 가정[\s\S]*제1판[\s\S]*시행 7일 전까지/);
    assert.match(await part(page, '본관').innerText(), /공개 6대 · 등록 5대 · 지금 녹화 5대[\s\S]*24시간[\s\S]*촬영일부터 30일[\s\S]*1층 방재실[\s\S]*열람실 가정[\s\S]*관리담당자 · 총무과 주무관/);
    assert.match(await part(page, /^별관/).innerText(), /한빛 작은도서관[\s\S]*월~금 08:00-19:00, 토 09:00-13:00[\s\S]*주차 42면[\s\S]*이곳은 31일 보관[\s\S]*비공개 · 고정 촬영/);
    assert.match(await part(page, '누가 맡는가').innerText(), /접근권한자\s*가정[\s\S]*방재실 당직[\s\S]*별관[\s\S]*02-000-0003/);
    assert.match(await part(page, '수탁업체').innerText(), /위탁함[\s\S]*한빛보안[\s\S]*2026-12-31까지[\s\S]*재위탁: 한빛통신/);
    assert.match(await part(page, '같은 건물의 다른 기관 카메라').innerText(), /한빛은행/);
    assert.match(await part(page, '방침의 연혁').innerText(), /2026-11-01[\s\S]*보관기간 단축[\s\S]*2024-03-01 가정[\s\S]*알 수 없음/);
    await page.getByText('고칠 것이 보이지 않습니다').waitFor();
  }
});

test('what is other than published shows, and what is only outside its hours does not', async () => {
  announce(world);
  const page = await as('officer');
  const row = (name) => page.getByRole('row').filter({ hasText: name });
  await row('어린이 놀이터').getByText('등록이 1대 모자람').waitFor();
  await row('주차장').getByText('촬영시간 아님 2대').waitFor();
  assert.equal(await row('주차장').locator('.badge').count(), 0);
  assert.equal(await row('로비').locator('.badge').count(), 0, 'the control: as published');
  assert.equal(await page.getByText('어느 줄에도 없는 카메라').count(), 0);
  world.strays = [{ id: world.cameras[2].id, name: '주차장 동쪽' }];
  await page.reload();
  await page.getByText('방침의 어느 줄에도 없는 카메라 1대: 주차장 동쪽').waitFor();
});

test('what was found stands beside its part with article and remedy, and nothing is lost', async () => {
  announce(world);
  world.findings = FINDINGS;
  const page = await as('manager');
  await page.getByText('오류 1건, 주의 2건이 있습니다').waitFor();
  const night = part(page, '누가 맡는가').getByRole('row').filter({ hasText: '전화번호를 적으십시오' });
  assert.match(await night.innerText(), /오류[\s\S]*전화번호를 적으십시오[\s\S]*개인정보 보호법 시행령 제25조제1항제3호/);
  const parking = part(page, /^별관/).getByRole('row').filter({ hasText: '최소 보관기간이 있습니다' });
  assert.match(await parking.innerText(), /주의[\s\S]*표준 개인정보 보호지침 제41조제2항/);
  assert.match(await part(page, '그 밖에 살펴본 결과').innerText(), /어느 곳에도 속하지 않는 것입니다/);
  assert.equal(await page.locator('main .badge').filter({ hasText: /^■?오류|▲?주의/ }).count(), FINDINGS.length, 'each once');
});

test('a failure is told, and trying again helps', async () => {
  announce(world);
  world.broken = ['/institution'];
  const page = await as('officer');
  await page.getByRole('alert').getByText('녹화기 내부에 문제가').waitFor();
  world.broken = [];
  await page.getByRole('button', { name: '다시 시도' }).click();
  await part(page, '한빛구립도서관').waitFor();
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`the page is accessible and fits at ${size}, in both languages`, async () => {
    announce(world);
    world.findings = FINDINGS;
    for (const language of ['ko', 'en']) {
      const page = await as('manager', { viewport, language });
      await page.locator('section.card').first().waitFor();
      await sound(page, `the institution in ${language}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
    }
  });
}

// Photographs the steps of two cases over a real recorder: damage in the car park, and a warrant. Those that the
// guide shows (docs/images) are requests-carpark-* and disclosures-warrant-*; the others are to be looked at.
//
//   JIKIM_BIN=… JIKIM_CLIPS=… node tests/look-cases.mjs FOLDER [WIDTH]

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { startDemo } from './e2e/demo.mjs';
import * as provision from './e2e/desk/disclosures.mjs';
import { appoint, daysAhead, firstManager, minutesFrom, ZONE } from './e2e/desk/office.mjs';
import * as request from './e2e/desk/requests.mjs';

const [folder = 'tests/shots', width = '1440'] = process.argv.slice(2);
const LEAST_MS = 10_000;
mkdirSync(folder, { recursive: true });

/** The browser's own fields speak Korean too: a picture shows days as a clerk sees them. */
const browser = await chromium.launch({
  executablePath: process.env.JIKIM_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--lang=ko-KR', '--hide-scrollbars'],
  env: { ...process.env, LANGUAGE: 'ko', LANG: 'ko_KR.UTF-8' },
});
const demo = await startDemo({ institution: 'gunsan' });
const recorded = minutesFrom(Date.now() + LEAST_MS);

async function open(address) {
  const context = await browser.newContext({ viewport: { width: Number(width), height: 900 }, ignoreHTTPSErrors: true, locale: 'ko-KR', timezoneId: ZONE });
  await context.addInitScript(() => localStorage.setItem('jikim.language', 'ko'));
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => console.error('page error:', error.message));
  await page.goto(address);
  return page;
}

/** The upper part of a page; what is wider than the window is said. */
async function shot(page, name, height = 900) {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (wide > room) console.error(`${name}: ${wide} of ${room} px`);
  await page.setViewportSize({ width: Number(width), height });
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize({ width: Number(width), height: 900 });
}

async function carPark(officer, manager) {
  const form = {
    requester: { name: '정민수', phone: '010-0000-0001', born: '1984-03-02', address: '전북특별자치도 군산시' },
    ...{ asks: ['존재확인', '열람'], cameras: ['시청 주차장 1', '시청 주차장 2'], ...recorded, found: /영상 있음|일부만 있음/ },
    ...{ reason: '주차장에서 흰색 승용차의 문이 긁힘. 검은 외투를 입고 있었음', channel: '창구' },
  };
  const dialog = await request.fillRequest(officer, form);
  await shot(officer, 'requests-carpark-1', 1230);
  await dialog.getByRole('button', { name: '접수하고 보전하기' }).click();
  const told = await officer.getByRole('status').filter({ hasText: '접수번호' }).innerText();
  const number = /접수번호 (\d{4}-\d+)\./.exec(told)[1];
  await shot(officer, 'carpark-told');
  await request.read(officer, number);
  await shot(officer, 'carpark-identity', 1400);
  await request.identify(officer, '주민등록증을 봄');
  await shot(officer, 'requests-carpark-2', 500);
  await request.read(manager, number);
  await shot(manager, 'carpark-decision', 1500);
  await manager.getByRole('button', { name: '결정', exact: true }).click();
  await shot(manager, 'carpark-decide');
  await manager.keyboard.press('Escape');
  await request.decide(manager, '청구대로');
  const letter = manager.getByRole('form', { name: '열람 통지서' });
  await letter.getByLabel('문서번호').fill('시민안전과-2026-103');
  await manager.getByLabel('열람 날짜').fill(daysAhead(3));
  await manager.getByLabel('시간').fill('14:00');
  await manager.getByLabel('장소').fill('시민안전과 상황실');
  await shot(manager, 'requests-carpark-3', 1052);
  await request.answer(manager, '상황실에서 가린 화면을 보여 줌');
  await shot(manager, 'carpark-end', 1500);
}

async function warrant(officer, manager) {
  const form = {
    ...{ body: '군산경찰서 형사과', officer: '나형사 경위', phone: '063-000-0112', paper: '영장 2026-1234' },
    ...{ ground: /다른 법률의 특별한 규정/, basis: { label: '법률과 조문', text: '형사소송법 제215조, 영장번호 2026-1234' } },
    ...{ purpose: '주차장 차량 절도의 수사', cameras: ['시청 주차장 2', '시청 주차장 3'], ...recorded, found: /영상 있음|일부만 있음/ },
    ...{ conditions: '수사에만 쓰고 담당자만 볼 것. 기한이 되면 파기하고 알릴 것', useUntil: daysAhead(30) },
  };
  const dialog = await provision.fillDisclosure(officer, form);
  await shot(officer, 'warrant-form', 1760);
  await dialog.getByRole('button', { name: '접수하고 보전하기' }).click();
  const told = await officer.getByRole('status').filter({ hasText: '접수번호' }).innerText();
  const number = /접수번호 (\d{4}-\d+)\./.exec(told)[1];
  await provision.read(officer, number);
  await shot(officer, 'warrant-own', 1100);
  await provision.read(manager, number);
  await shot(manager, 'disclosures-warrant-1', 880);
  await manager.getByRole('button', { name: '결정', exact: true }).click();
  await shot(manager, 'warrant-decide');
  await manager.keyboard.press('Escape');
  await provision.decide(manager, '제공하기로 함', '영장 원본을 봄');
  await shot(manager, 'warrant-given', 1000);
  await provision.provide(manager, '암호를 건 사본을 직접 넘김');
  await shot(manager, 'disclosures-warrant-2', 540);
  await provision.row(manager, number);
  await shot(manager, 'warrant-board');
  await provision.read(manager, number);
  await provision.publish(manager, '관보 제20260호');
  await provision.report(manager, '받은 쪽이 파기함, 파기 확인서 제2026-31호');
  await shot(manager, 'disclosures-warrant-3', 1190);
}

try {
  const manager = await firstManager(open, demo, '김하늘');
  const officer = await appoint(open, manager, { name: 'seoyeon', displayName: '이서연', post: '관리담당자: 시민안전과 주무관', document: '시민안전과-2026-31' });
  await manager.waitForTimeout(Math.max(0, recorded.toMs + 2000 - Date.now()));
  await carPark(officer, manager);
  await warrant(officer, manager);
} finally {
  await browser.close();
  await demo.stop();
}

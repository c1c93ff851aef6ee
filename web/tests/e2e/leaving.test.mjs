// A case from the desk to the file in somebody's hands, over a real recorder and the real program that covers people:
// received, granted, masked, the masking edited, agreed to by two people, sealed, opened without a network, verified.
// Where JIKIM_LOOK names a folder, its steps are photographed.

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';

import { withBrowser } from '../browser.mjs';
import { startDemo } from './demo.mjs';
import { appoint, firstManager, minutesFrom, toPage, ZONE } from './desk/office.mjs';
import { register, the } from './desk/registers.mjs';
import * as request from './desk/requests.mjs';

const beside = (name) => join(dirname(process.env.JIKIM_BIN), name);
const models = process.env.JIKIM_MODELS ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'jikim/models-1');
const missing = [beside('jikim-mask'), beside('jikim-cage'), beside('jikim-verify'), join(models, 'libonnxruntime.so')].filter((path) => !existsSync(path));
const skip = missing.length > 0 ? `not run: ${missing.map((path) => path.split('/').pop()).join(', ')} missing` : false;

/** One minute of one camera, masked twice, by a program without optimisation on a machine that is busy. */
const MASK_WITHIN_MS = 480_000;
const LEAST_MS = 10_000;
const CAMERA = '시청 주차장 1';
const open = withBrowser({ keeps: true });
let [demo, mask, manager, officer, recorded] = [];

before(async () => {
  if (skip) return;
  demo = await startDemo({ institution: 'gunsan' });
  mask = spawn(beside('jikim-mask'), ['listen', '--socket', join(demo.data, 'mask.sock')], { stdio: ['ignore', 'ignore', 'inherit'] });
  const startedMs = Date.now();
  manager = await firstManager(open, demo, '김하늘');
  officer = await appoint(open, manager, { name: 'seoyeon', displayName: '이서연', document: '행정지원과-2026-31' });
  recorded = minutesFrom(startedMs + LEAST_MS);
  await manager.waitForTimeout(Math.max(0, recorded.toMs + 2000 - Date.now()));
});
after(async () => {
  mask?.kill('SIGTERM');
  await demo?.stop();
});

async function look(page, name, height = 900) {
  const folder = process.env.JIKIM_LOOK;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const { width } = page.viewportSize();
  await page.setViewportSize({ width, height });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.setViewportSize({ width, height: 900 });
}

/** Waits for what comes when a copy is made; a preparation that failed says why at once. */
async function made(page, it) {
  const failed = page.locator('article .strip[role=status]');
  await it.or(failed).first().waitFor({ timeout: MASK_WITHIN_MS });
  assert.deepEqual(await failed.allInnerTexts(), [], 'nothing failed');
}

/** The card of a working copy. */
const card = (page, number) => page.getByRole('article', { name: `청구 ${number}`, exact: true });

test('a request leaves masked, as one file that opens without a network and can be verified', { skip, timeout: 2 * MASK_WITHIN_MS }, async () => {
  const { number } = await request.receive(officer, {
    requester: { name: '정민수', phone: '010-1111-0001' },
    ...{ asks: ['열람'], reason: '주차장에서 차의 문이 긁힘', channel: '창구', cameras: [CAMERA], ...recorded, found: /영상 있음|일부만 있음/ },
  });
  await request.read(officer, number);
  await request.identify(officer, '주민등록증을 봄');
  await request.read(manager, number);
  await request.decide(manager, '청구대로');

  await toPage(officer, '보전', '반출');
  await officer.getByRole('button', { name: '가린 작업본 만들기' }).click();
  await officer.getByRole('progressbar').waitFor();
  await look(officer, 'exports-1-prepare');
  await made(officer, card(officer, number));
  await officer.getByRole('button', { name: '영상 1 가림 고치기' }).click();
  await officer.waitForFunction(() => document.querySelector('.stage video')?.readyState >= 2);
  // Over the whole picture, for as long as it lasts: what is decided here is what comes out.
  await officer.keyboard.press('d');
  const stage = await officer.locator('.stage svg').boundingBox();
  await officer.mouse.move(stage.x + 2, stage.y + 2);
  await officer.mouse.down();
  await officer.mouse.move(stage.x + stage.width - 2, stage.y + stage.height * 0.6);
  await officer.mouse.up();
  await officer.keyboard.press('End');
  await officer.getByRole('button', { name: '이 장면까지', exact: true }).click();
  await officer.keyboard.press('Home');
  await look(officer, 'exports-2-edit', 1100);
  await officer.getByRole('button', { name: '이대로 다시 만들기' }).click();
  const unsure = officer.getByRole('button', { name: '그대로 만들기' });
  if (await unsure.isVisible()) await unsure.click();
  await officer.getByText('새 작업본을 만들기 시작했습니다', { exact: false }).waitFor();
  await made(officer, officer.getByText('직접 그린 곳 1', { exact: false }));
  const plain = card(officer, number).filter({ hasNotText: '직접 그린 곳' });
  const share = async (it) => Number(/화면의 ([\d.]+)%/.exec(await it.innerText())[1]);
  const edited = card(officer, number).filter({ hasText: '직접 그린 곳' });
  assert.ok((await share(edited)) > 50 && (await share(edited)) > (await share(plain)), 'what was drawn is covered');
  await plain.getByRole('button', { name: '작업본 파기' }).click();
  await officer.getByRole('dialog').getByRole('button', { name: '파기', exact: true }).click();
  await officer.getByText('작업본을 열쇠와 함께 파기했습니다').waitFor();

  await card(officer, number).getByRole('button', { name: '영상 1 보기' }).click();
  await officer.waitForFunction(() => document.querySelector('article video')?.videoWidth > 0);
  await look(officer, 'exports-3-look', 1300);
  await card(officer, number).getByRole('button', { name: '승인 올리기' }).click();
  await officer.getByLabel('확인한 것').fill('청구인의 차만 보임');
  await officer.getByRole('button', { name: '올리기', exact: true }).click();
  await toPage(manager, '보전', '반출');
  await card(manager, number).getByRole('button', { name: '영상 1 보기' }).click();
  await card(manager, number).getByRole('button', { name: '승인', exact: true }).click();
  await manager.getByText('승인했습니다').waitFor();
  await card(officer, number).getByRole('button', { name: '봉인' }).click();
  const dialog = officer.getByRole('dialog');
  const passphrase = (await dialog.locator('.passphrase').innerText()).trim();
  await look(officer, 'exports-4-sealed');
  const [download] = await Promise.all([officer.waitForEvent('download'), dialog.getByRole('button', { name: '파일 받기' }).click()]);
  const file = join(demo.data, download.suggestedFilename());
  await download.saveAs(file);
  await dialog.getByRole('button', { name: '암호를 적었습니다' }).click();

  // The citizen: a browser without a network.
  const citizen = await officer.context().browser().newContext({ offline: true, viewport: { width: 1440, height: 900 } });
  const page = await citizen.newPage();
  await page.goto(`file://${file}`);
  await page.getByRole('textbox').first().fill(passphrase);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('video')?.videoWidth > 0, null, { timeout: 60_000 });
  await page.getByText('정민수').first().waitFor();
  await look(page, 'exports-5-opened', 1200);
  await citizen.close();

  // An outsider, with the log's policy alone.
  const policy = join(demo.data, 'policy.txt');
  writeFileSync(policy, execFileSync(process.env.JIKIM_BIN, ['ledger', 'policy', '--data', demo.data]));
  const verdict = () => JSON.parse(spawnSync(beside('jikim-verify'), ['bundle', file, '--policy', policy, '--json'], { encoding: 'utf8' }).stdout);
  // A file that was taken before the witnesses had signed has a receipt without them: it is taken once more.
  for (let times = 0; times < 6 && verdict().result !== 'verified'; times += 1) {
    await officer.waitForTimeout(5_000);
    const again = await Promise.all([officer.waitForEvent('download'), officer.getByRole('row').filter({ hasText: `청구 ${number}` }).getByRole('button', { name: '파일 받기' }).click()]);
    await again[0].saveAs(file);
  }
  assert.equal(verdict().result, 'verified', JSON.stringify(verdict()));
  const changed = readFileSync(file);
  changed[changed.length >> 1] ^= 1;
  writeFileSync(file, changed);
  assert.equal(verdict().result, 'export-altered', 'the control');

  // The register has what was given, and nobody typed it.
  const rows = await register(manager, '열람 등 청구 처리대장');
  assert.match(the(rows, '접수번호', number)['사본 교부 내용·사유'], /봉인한 파일 \d{4}\/\d+[\s\S]*다른 사람을 가림/);
});

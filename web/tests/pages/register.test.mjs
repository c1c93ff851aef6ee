// Cameras, health, ledger, accounts.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { announce } from '../../dev/policy.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { goTo, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 3 });
after(() => mock.close());
beforeEach(() => {
  mock.world.broken = [];
});

async function as(name, place, options) {
  const page = await open(mock.address, options);
  await signIn(page, name, PASSWORD);
  await goTo(page, place);
  return page;
}

test('a camera is added, and what is wrong with its address is said plainly', async () => {
  const page = await as('admin', '카메라');
  await page.getByRole('button', { name: '카메라 추가' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('이름', { exact: true }).fill('후문');
  await dialog.getByLabel('설치 위치').fill('본관 뒤');
  await dialog.getByLabel('주소').first().fill('http://10.0.0.9');
  await dialog.getByRole('button', { name: '추가' }).click();
  assert.match(await dialog.getByRole('alert').innerText(), /rtsp:\/\/로 시작/);
  await dialog.getByLabel('주소').first().fill('rtsp://refuse.example/1');
  await dialog.getByRole('button', { name: '추가' }).click();
  await dialog.getByText('계정이나 비밀번호를 받지 않습니다').waitFor();
  await dialog.getByLabel('주소').first().fill('rtsp://admin:secret@10.0.0.9/1');
  await dialog.getByRole('button', { name: '추가' }).click();
  await page.getByText('후문 카메라를 추가했습니다.').waitFor();
  await page.getByRole('button', { name: '후문 자세히' }).click();
  const text = await dialog.innerText();
  assert.match(text, /rtsp:\/\/10\.0\.0\.9\/1/);
  assert.doesNotMatch(text, /secret/);
});

test('a camera belongs to a line of the policy, or says that it records nothing', async () => {
  announce(mock.world);
  const camera = mock.world.cameras[1];
  Object.assign(camera, { state: 'not-ordered', retention_policy_s: 30 * 86_400 });
  const page = await as('admin', '카메라');
  await page.getByRole('button', { name: `${camera.name} 자세히` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('시행 중인 방침에 이 카메라의 줄이 없거나').waitFor();
  await dialog.getByRole('button', { name: '이름·위치 바꾸기' }).click();
  await dialog.getByLabel('방침의 줄').selectOption({ label: '도서관 · 로비 (4대)' });
  await dialog.getByRole('button', { name: '저장' }).click();
  await dialog.getByRole('button', { name: '이름·위치 바꾸기' }).click();
  assert.equal(await dialog.getByLabel('방침의 줄').inputValue(), 'lobby');
  assert.equal(camera.policy_spot, 'lobby');
  await dialog.getByLabel('방침의 줄').selectOption('');
  await dialog.getByRole('button', { name: '저장' }).click();
  await dialog.getByRole('button', { name: '이름·위치 바꾸기' }).waitFor();
  assert.equal(camera.policy_spot, null);
  Object.assign(camera, { state: 'recording', retention_policy_s: null });
  mock.world.policies = [];
});

test('a device is replaced with a reason; the history stays; then the camera is retired', async () => {
  const page = await as('admin', '카메라');
  await page.getByRole('button', { name: '로비 자세히' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '기기 교체' }).click();
  await dialog.getByLabel('주소').first().fill('rtsp://10.0.0.77/main');
  await dialog.getByLabel('교체 사유').fill('렌즈 파손');
  await dialog.getByRole('button', { name: '교체' }).click();
  await dialog.getByText('rtsp://10.0.0.77/main').waitFor();
  assert.equal(await dialog.locator('.devices li').count(), 2);
  await dialog.getByRole('button', { name: '운영 종료' }).click();
  await dialog.getByLabel('종료 사유').fill('철거');
  await dialog.getByRole('button', { name: '운영 종료' }).click();
  await dialog.locator('.badge').getByText('운영 종료').waitFor();
  assert.equal(await dialog.getByRole('button', { name: '기기 교체' }).count(), 0);
});

test('a test picture is an act with a reason, and one frame is shown', async () => {
  const page = await as('admin', '카메라');
  await page.getByRole('button', { name: '정문 자세히' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '시험 화면' }).click();
  await dialog.getByLabel('사유').fill('설치 후 각도 확인');
  await dialog.getByRole('button', { name: '한 장 보기' }).click();
  await page.waitForFunction(() => document.querySelector('dialog video')?.videoWidth > 0);
  assert.match(await dialog.innerText(), /원장 \d{4}\/\d+/);
});

test('a contractor sees the cameras and can change nothing', async () => {
  const page = await as('contractor', '카메라');
  await page.getByRole('button', { name: '정문 자세히' }).click();
  assert.equal(await page.getByRole('button', { name: '카메라 추가' }).count(), 0);
  assert.deepEqual(await page.getByRole('dialog').getByRole('button').allInnerTexts(), ['✕']);
});

test('health shows what needs a person, cameras, volumes, keys', async () => {
  mock.world.cameras[2].state = 'refused';
  const page = await as('contractor', '상태');
  await page.getByText('사람이 할 일').waitFor();
  const text = await page.locator('main').innerText();
  for (const part of ['접속 거부', '/srv/jikim/a', '마지막 파기', 'Mbit/s']) assert.ok(text.includes(part), part);
  mock.world.broken = ['/health'];
  await page.getByRole('alert').waitFor();
  mock.world.broken = [];
  await page.getByRole('alert').waitFor({ state: 'hidden' });
  mock.world.cameras[2].state = 'recording';
});

test('health says when all was read, what was damaged, and when a disk is full', async () => {
  const page = await as('contractor', '상태');
  await page.getByText('손상 없음').waitFor();
  const text = await page.locator('main').innerText();
  for (const part of [/마지막 전체 점검\s+.*릴 8,620개, 4\.9 TB/, /400일보다 멀거나 아직 알 수 없습니다/, /약 41일 뒤 가득/]) assert.match(text, part);
  Object.assign(mock.world.scrub, { last_damaged: 2, damaged: 3 });
  await page.getByText('손상 2개').waitFor();
  await page.getByText('손상되었거나 없는 릴').waitFor();
  Object.assign(mock.world.scrub, { last_ended_at: null, last_damaged: 0, damaged: 0 });
  await page.getByText('아직 없음(일주일에 한 번)').waitFor();
  mock.world.scrub.last_ended_at = new Date().toISOString();
});

test('health says what came of attacks on our own claims, and when there were none', async () => {
  const page = await as('contractor', '상태');
  const card = page.locator('section', { hasText: '스스로 공격해 본 결과' });
  await card.getByText('지켜짐').first().waitFor();
  const text = await card.innerText();
  for (const part of [/파기된 키는 어디에도 없다[\s○]+해 볼 것이 없었음/, /공격 17,378번, 뚫린 것 0번/]) assert.match(text, part);
  const before = structuredClone(mock.world.doctor);
  Object.assign(mock.world.doctor.claims[2], { result: 'broken', succeeded: 3 });
  await card.getByText(/뚫림$/).waitFor();
  await card.getByText('공격 17,378번, 뚫린 것 3번').waitFor();
  await page.setViewportSize(POCKET);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= POCKET.width, `${wide} px wide`);
  mock.world.doctor = null;
  await card.getByText('아직 해 보지 않았습니다').waitFor();
  mock.world.doctor = before;
});

test('health says who cosigns the ledger, what waits for it, and when nobody does', async () => {
  const page = await as('contractor', '상태');
  await page.getByText('증인이 아직 서명하지 않은 가장 오래된 기록: 2초 전').waitFor();
  const { witnessing } = mock.world;
  const before = structuredClone(witnessing);
  Object.assign(witnessing, { waiting_s: 0 });
  await page.getByText('모든 기록에 증인이 서명했습니다').waitFor();
  Object.assign(witnessing, { waiting_s: 7200, state: 'degraded' });
  Object.assign(witnessing.witnesses[1], { cosigned_at: null, trouble: 'it does not answer' });
  await page.getByText('도의회').waitFor();
  await page.getByText('it does not answer').waitFor();
  await page.getByText('아직 서명하지 않음').waitFor();
  mock.world.witnessing = null;
  await page.getByText('증인 없음').waitFor();
  await page.setViewportSize(POCKET);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= POCKET.width, `${wide} px wide`);
  mock.world.witnessing = before;
});

test('a picture that may stand still or be black is said with how sure, and a live one is not accused', async () => {
  const since = new Date(Date.now() - 600_000).toISOString();
  mock.world.cameras[0].suspicion = { what: 'frozen', since, sure_percent: 99 };
  mock.world.cameras[2].suspicion = { what: 'black', since, sure_percent: 70 };
  const page = await as('contractor', '상태');
  const row = (name) => page.getByRole('row').filter({ hasText: name });
  await row('정문').getByText('멈춘 화면 · 거의 확실 99%').waitFor();
  await row('주차장 동쪽').getByText('검은 화면 · 의심 70%').waitFor();
  await row('주차장 동쪽').getByText('녹화 중').waitFor();
  assert.equal(await row('화면').count(), 2, 'those two and no other');
  await goTo(page, '카메라');
  await row('정문').getByText('같은 화면만 되풀이해서 옵니다').waitFor();
  await page.getByRole('button', { name: '주차장 동쪽 자세히' }).click();
  await page.getByRole('dialog').getByText('렌즈가 가려졌는지').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'English' }).click();
  await row('정문').getByText('Frozen picture · almost certain 99%').waitFor();
  await page.setViewportSize(POCKET);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= POCKET.width, `${wide} px wide`);
  mock.world.cameras[0].suspicion = null;
  mock.world.cameras[2].suspicion = null;
  await row('정문').getByText(/Frozen picture/).waitFor({ state: 'detached' });
});

test('the ledger marks what I did, opens it, and proves it', async () => {
  const page = await as('manager', '원장');
  const mine = page.getByRole('row').filter({ hasText: '로그인' }).filter({ hasText: '방금 한 일' });
  assert.match(await mine.first().innerText(), /결과[\s\S]*로그인[\s\S]*완료/, 'an outcome says of what');
  const row = mine.filter({ hasText: '행위' }).first();
  await row.getByRole('button').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('김하늘').waitFor();
  await dialog.getByRole('button', { name: '증명 복사' }).click();
  await page.waitForFunction(() => document.querySelector('dialog textarea')?.value.startsWith('c2sp.org/tlog-proof@v1'));
  const saving = page.waitForEvent('download');
  await dialog.getByRole('button', { name: '영수증 저장' }).click();
  const saved = await saving;
  assert.match(saved.suggestedFilename(), /^\d{4}-\d+\.receipt$/);
  assert.match(await readFile(await saved.path(), 'utf8'), /^c2sp\.org\/tlog-proof@v1\n/);
  await page.keyboard.press('Escape');
  await page.getByLabel('내가 한 일만').check();
  const marks = await page.locator('tbody tr').count();
  assert.equal(await page.locator('tbody tr.mine').count(), marks);
});

test("somebody else's record is sealed until a purpose is given", async () => {
  const before = mock.world.entries.length;
  mock.world.act(mock.world.accounts[2], 'live.watch', { note: '야간 근무' });
  const page = await as('manager', '원장');
  await page.getByRole('button', { name: new RegExp(`/${before} `) }).click();
  const dialog = page.getByRole('dialog').first();
  await dialog.getByText('봉인되어 있습니다').waitFor();
  assert.doesNotMatch(await dialog.innerText(), /이도윤/);
  await dialog.getByRole('button', { name: '열람기록 보기' }).click();
  const asking = page.getByRole('dialog').last();
  await asking.getByLabel('목적').selectOption('subject-request');
  await asking.getByLabel('사건 번호').fill('2026-3 열람 청구');
  await asking.getByRole('button', { name: '열람하기' }).click();
  await page.getByText('이도윤').waitFor();
});

test('older entries follow on demand', async () => {
  for (let i = 0; i < 60; i += 1) mock.world.append('served');
  const page = await as('manager', '원장');
  await page.locator('tbody tr').nth(49).waitFor();
  await page.getByRole('button', { name: '더 오래된 기록' }).click();
  await page.locator('tbody tr').nth(55).waitFor();
  const numbers = await page.locator('tbody tr td:first-child').allInnerTexts();
  assert.equal(new Set(numbers).size, numbers.length);
});

test('a manager gives footage roles only, an administrator technical ones only', async () => {
  const manager = await as('manager', '계정');
  await manager.getByRole('button', { name: '계정 발급' }).click();
  const dialog = manager.getByRole('dialog');
  assert.ok(await dialog.getByLabel('시스템 관리자').isDisabled());
  await dialog.getByLabel('화면에 보이는 이름').fill('정다은');
  await dialog.getByLabel('관제요원').check();
  await dialog.getByLabel('보안서약을 받은 날').fill('2026-01-05');
  await dialog.getByLabel('교육을 받은 날').fill('2026-03-02');
  await dialog.getByRole('button', { name: '발급' }).click();
  assert.match(await manager.getByLabel('링크', { exact: true }).inputValue(), /#link=[0-9a-f]{32}$/);
  await manager.keyboard.press('Escape');
  await manager.getByText('링크 사용 전').waitFor();

  const admin = await as('admin', '계정');
  await admin.getByRole('button', { name: '계정 발급' }).click();
  assert.ok(await admin.getByRole('dialog').getByLabel('관제요원').isDisabled());
  await admin.keyboard.press('Escape');
  const operator = admin.getByRole('row').filter({ hasText: '이도윤' });
  assert.equal(await operator.getByRole('button', { name: '비밀번호 재설정' }).count(), 0);
});

test('an account is ended after a question', async () => {
  const page = await as('manager', '계정');
  const row = page.getByRole('row').filter({ hasText: '최지우' });
  await row.getByRole('button', { name: '종료' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '종료' }).click();
  await row.getByText('종료').waitFor();
  assert.ok(mock.world.accounts.find((account) => account.display_name === '최지우').ended_at);
});

test('every page fits a small screen, in both languages', async () => {
  for (const language of ['ko', 'en']) {
    const page = await open(mock.address, { viewport: POCKET, language });
    await signIn(page, 'manager', PASSWORD);
    for (const place of ['footage', 'cameras', 'health', 'ledger', 'accounts']) {
      await page.evaluate((name) => (location.hash = `/${name}`), place);
      await page.locator('.card, .screen').first().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= POCKET.width, `${place} in ${language} is ${wide} px wide`);
    }
  }
});

test('an account comes after pledge and training, and its appointment says what for and how long', async () => {
  announce(mock.world);
  const page = await as('manager', '계정');
  await page.getByText('서약 없음').first().waitFor();
  await page.getByRole('button', { name: '계정 발급' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('화면에 보이는 이름').fill('한가람');
  await dialog.getByLabel('담당자').check();
  await dialog.getByRole('button', { name: '발급' }).click();
  assert.ok(await dialog.getByLabel('보안서약을 받은 날').evaluate((field) => !field.validity.valid));
  await dialog.getByLabel('보안서약을 받은 날').fill('2026-01-05');
  await dialog.getByLabel('교육을 받은 날').fill('2026-03-02');
  await dialog.getByLabel('방침의 자리').selectOption({ label: '관리담당자: 총무과 주무관' });
  await dialog.getByLabel('임명 문서 번호').fill('총무-17');
  await dialog.getByRole('button', { name: '발급' }).click();
  await page.getByLabel('링크', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  const row = page.getByRole('row', { name: /한가람/ });
  assert.match(await row.innerText(), /총무과 주무관[\s\S]*총무-17[\s\S]*서약 2026-01-05[\s\S]*교육 2026-03-02/);
  const made = mock.world.accounts.at(-1);
  assert.equal(made.appointment.post, 'officer');
});

test('a deputy has a rota and a last day, and both are sent as moments', async () => {
  const page = await as('manager', '계정', { zone: 'Asia/Seoul' });
  await page.getByRole('row', { name: /정유진/ }).getByRole('button', { name: '임명 내용' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('대행').selectOption({ label: '김하늘' });
  await dialog.getByLabel('임기 마지막 날').fill('2030-12-31');
  await dialog.getByRole('button', { name: '당번 시간 더하기' }).click();
  await dialog.getByLabel('시작 1').fill('2030-12-01T09:00');
  assert.ok(await dialog.getByRole('button', { name: '저장' }).isDisabled(), 'a time on duty has an end');
  await dialog.getByLabel('끝 1').fill('2030-12-08T09:00');
  await dialog.getByRole('button', { name: '저장' }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = page.getByRole('row', { name: /정유진/ });
  await row.getByText('김하늘 대행').waitFor();
  await row.getByText('당번 1번').click();
  assert.match(await row.innerText(), /~ 2030-12-31[\s\S]*2030-12-01 09:00 ~ 2030-12-08 09:00/);
  const { appointment } = mock.world.accounts.find((each) => each.display_name === '정유진');
  assert.equal(appointment.until, '2030-12-31T15:00:00.000Z');
  assert.deepEqual(appointment.duty, [{ from: '2030-12-01T00:00:00.000Z', until: '2030-12-08T00:00:00.000Z' }]);
});

test('what a camera films is kept with everybody covered, and a contractor does not see it', async () => {
  const camera = mock.world.cameras[0];
  const page = await as('manager', '카메라');
  const openPicture = async () => {
    await page.getByRole('button', { name: `${camera.name} 자세히` }).click();
    await page.getByRole('dialog').getByRole('button', { name: '촬영범위 사진' }).click();
  };
  await openPicture();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('촬영범위 사진이 아직 없습니다.').waitFor();
  await dialog.getByLabel('사유').fill('촬영범위 기록');
  await dialog.getByRole('button', { name: '한 장 가져오기' }).click();
  const keep = dialog.getByRole('button', { name: '저장' });
  await keep.waitFor();
  assert.ok(await keep.isDisabled(), 'somebody has to have looked');
  await dialog.getByRole('button', { name: '가림 추가' }).click();
  await dialog.getByLabel('알아볼 수 있는 사람이나 차량이').check();
  await keep.click();
  await page.getByText('촬영범위 사진을 남겼습니다.').waitFor();
  const kept = mock.world.ranges.get(camera.id);
  const bytes = Buffer.from(kept.picture_base64, 'base64');
  assert.deepEqual([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff]);
  // What was covered is black in what was kept: the middle, where a new cover lies.
  const middle = await page.evaluate(async (text) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]));
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const paper = canvas.getContext('2d');
    paper.drawImage(image, 0, 0);
    const at = (x, y) => [...paper.getImageData(Math.floor(image.width * x), Math.floor(image.height * y), 1, 1).data.slice(0, 3)];
    return { covered: at(0.5, 0.5), open: at(0.1, 0.1) };
  }, kept.picture_base64);
  assert.ok(middle.covered.every((value) => value < 8), `${middle.covered}`);
  assert.ok(middle.open.some((value) => value > 8), `${middle.open}`);
  await page.keyboard.press('Escape');
  await openPicture();
  await page.getByRole('img', { name: `${camera.name}의 촬영범위, 사람은 가림` }).waitFor();

  const contractor = await as('contractor', '카메라');
  await contractor.getByRole('button', { name: `${camera.name} 자세히` }).click();
  await contractor.getByRole('dialog').getByText('소리').waitFor();
  assert.equal(await contractor.getByRole('dialog').getByText('촬영범위 사진').count(), 0);
});

test('a device says what it is and what certifies it', async () => {
  const camera = mock.world.cameras[2];
  const page = await as('admin', '카메라');
  await page.getByRole('button', { name: `${camera.name} 자세히` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '기기 제원' }).click();
  await dialog.getByLabel('제조사').fill('한빛테크');
  await dialog.getByLabel('모델').fill('HB-200');
  await dialog.getByLabel('펌웨어 버전').fill('2.800');
  await dialog.getByLabel('보안 인증').fill('TTA');
  await dialog.getByLabel('인증 번호').fill('TTA-2025-0001');
  await dialog.getByLabel('인증이 끝나는 날').fill('2028-03-01');
  await dialog.getByRole('button', { name: '저장' }).click();
  await dialog.getByText('한빛테크 HB-200 펌웨어 2.800 · TTA TTA-2025-0001 2028-03-01까지').waitFor();
});

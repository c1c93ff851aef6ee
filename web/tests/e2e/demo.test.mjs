// Camera → reel → browser, with a real recorder and simulated cameras. The tests follow one
// another: they share one demo, as the people of one building do.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { goTo, moving, signIn, withBrowser } from '../browser.mjs';
import { claim, listen, startDemo } from './demo.mjs';

const PASSWORD = 'six stones in a row';
/** The cameras' clocks are the recorder's: what is left is the way through camera and network. */
const WORST_CLOCK_MS = 1000;

const open = withBrowser();
let demo;
let startedMs;
before(async () => {
  demo = await startDemo();
  startedMs = Date.now();
});
after(() => demo.stop());

const home = () => new URL('/', demo.contract.links.manager).href;

async function as(name) {
  const page = await open(home());
  await signIn(page, name, PASSWORD);
  return page;
}

function clockIsTrue(fragments) {
  const stamped = fragments.filter((fragment) => fragment.stampMs !== null);
  assert.ok(stamped.length > 5, `${stamped.length} of ${fragments.length} fragments are stamped`);
  for (const { tile, wallMs, stampMs } of stamped) {
    assert.ok(Math.abs(wallMs - stampMs) < WORST_CLOCK_MS, `tile ${tile} is off by ${wallMs - stampMs} ms`);
  }
}

/** A ticket, without which the contractor could not use his link. */
async function letIn(page) {
  await page.evaluate(() => (location.hash = '#/tickets'));
  await page.getByRole('button', { name: '작업표 열기' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('작업자(수탁업체)').selectOption({ index: 1 });
  await dialog.getByLabel('입회자(기관)').selectOption({ label: '김하늘 (관리책임자)' });
  await dialog.getByLabel('작업 내용').fill('시험 무늬 확인');
  await dialog.getByRole('button', { name: '열기', exact: true }).click();
  await page.getByRole('status').filter({ hasText: '를 열었습니다' }).waitFor();
}

test('the four links make four people', async () => {
  for (const [role, name] of [['manager', '김하늘'], ['operator', '이도윤'], ['contractor', '한빛보안'], ['administrator', '박서준']]) {
    const page = await open(demo.contract.links[role]);
    await claim(page, role, name, PASSWORD);
    assert.match(await page.locator('header').innerText(), new RegExp(name));
    if (role === 'manager') await letIn(page);
  }
  const again = await open(demo.contract.links.manager);
  await again.getByLabel('이름(아이디)').fill('thief');
  await again.getByLabel('비밀번호', { exact: false }).first().fill(PASSWORD);
  await again.getByLabel('비밀번호 확인').fill(PASSWORD);
  await again.getByRole('button', { name: '시작하기' }).click();
  await again.getByRole('alert').waitFor();
});

test('nine cameras live, each at its true time, a few seconds old at most', async () => {
  const page = await open(home());
  const fragments = listen(page);
  await signIn(page, 'manager', PASSWORD);
  await moving(page, 9, 60_000);
  assert.equal(new Set(fragments.map((fragment) => fragment.tile)).size, 9);
  clockIsTrue(fragments);
  // A tile says its age a moment after its picture moves.
  await page.waitForFunction(() => [...document.querySelectorAll('.age')].every((tile) => tile.textContent.trim() !== ''));
  const ages = (await page.locator('.age').allInnerTexts()).map((text) => Number.parseFloat(text));
  for (const age of ages) assert.ok(age < 6, `a picture is ${age} s old`);
  for (const mark of await page.locator('.mark').allInnerTexts()) assert.match(mark, /김하늘/);
});

test('footage is played for a purpose, in step, at its true time, and the act is in the ledger', async () => {
  const page = await open(home());
  const fragments = listen(page);
  await signIn(page, 'manager', PASSWORD);
  // Half a minute of footage must exist before it can be looked back at.
  await page.waitForTimeout(Math.max(0, startedMs + 45_000 - Date.now()));
  await page.evaluate((at) => (location.hash = `/footage?at=${at}`), Date.now() - 25_000);
  await page.getByRole('slider').waitFor();
  await page.locator('summary').click();
  const boxes = page.locator('fieldset').getByRole('checkbox');
  await boxes.nth(1).check();
  await boxes.nth(2).check();
  await page.locator('summary').click();
  fragments.length = 0;
  await page.getByRole('button', { name: '▶ 재생' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('목적').selectOption('incident');
  await dialog.getByLabel('사건 번호').fill('2026-117');
  await dialog.getByRole('button', { name: '재생하기' }).click();
  await moving(page, 3, 40_000);
  await page.waitForTimeout(2000);
  clockIsTrue(fragments);
  const times = await page.$$eval('video', (videos) => videos.map((video) => video.currentTime));
  for (const time of times) assert.ok(Math.abs(time - times[0]) < 0.5, `tiles at ${times.join(', ')}`);
  await goTo(page, '원장');
  const row = page.getByRole('row').filter({ hasText: '녹화 영상 재생' }).filter({ hasText: '방금 한 일' }).last();
  await row.getByRole('button').click();
  await dialog.getByText('2026-117').waitFor();
  assert.match(await dialog.innerText(), /김하늘/);
  await dialog.getByRole('button', { name: '증명 복사' }).click();
  await page.waitForFunction(() => document.querySelector('dialog textarea')?.value.startsWith('c2sp.org/tlog-proof@v1'));
});

test('a contractor sees patterns and health, and the server gives no frame however asked', async () => {
  const page = await as('contractor');
  await page.locator('canvas').nth(8).waitFor();
  assert.equal(await page.locator('video').count(), 0);
  const asked = await page.evaluate(async () => {
    const { cameras } = await (await fetch('/api/v1/cameras')).json();
    const id = cameras[0].id;
    const to = new Date().toISOString();
    const from = new Date(Date.now() - 20_000).toISOString();
    const socket = (path, first) =>
      new Promise((resolve) => {
        let media = 0;
        const ws = new WebSocket(`wss://${location.host}/api/v1${path}`);
        ws.binaryType = 'arraybuffer';
        ws.onopen = () => ws.send(JSON.stringify(first));
        ws.onmessage = (event) => (media += typeof event.data === 'string' ? 0 : 1);
        ws.onclose = () => resolve(media);
        setTimeout(() => resolve(media), 4000);
      });
    const purpose = { kind: 'maintenance', note: 'looking around' };
    const post = (path, body) =>
      fetch(`/api/v1${path}`, { method: 'POST', headers: { 'X-Jikim-Request': '1', 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).then((answer) => answer.status);
    return {
      live: await socket('/live', { cameras: [id], feed: 'main' }),
      footage: await socket('/footage', { cameras: [id], from, to, purpose }),
      still: await post(`/cameras/${id}/still`, { purpose }),
      timeline: (await fetch(`/api/v1/footage/timeline?camera=${id}&from=${from}&to=${to}`)).status,
    };
  });
  assert.deepEqual(asked, { live: 0, footage: 0, still: 403, timeline: 403 });
  await goTo(page, '상태');
  await page.getByText('9 / 9').waitFor({ timeout: 30_000 });
});

test('an administrator never sees moving pictures; a bad address is said plainly and loses nothing', async () => {
  const page = await as('administrator');
  await page.locator('canvas').nth(8).waitFor();
  assert.equal(await page.locator('video').count(), 0);
  await goTo(page, '카메라');
  await page.getByRole('button', { name: '카메라 추가' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('이름', { exact: true }).fill('후문');
  await dialog.getByLabel('주소').first().fill('http://127.0.0.1/none');
  await dialog.getByRole('button', { name: '추가' }).click();
  await dialog.getByRole('alert').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('tbody tr').count(), 9);
});

test('a device is replaced and a camera retired, and their history stays', async () => {
  const page = await as('administrator');
  await goTo(page, '카메라');
  const detail = page.getByRole('button', { name: /자세히$/ });
  await detail.nth(1).click();
  const dialog = page.getByRole('dialog');
  const address = await dialog.locator('.devices .code').first().innerText();
  await page.keyboard.press('Escape');
  await detail.nth(0).click();
  await dialog.getByRole('button', { name: '기기 교체' }).click();
  await dialog.getByLabel('주소').first().fill(address);
  await dialog.getByLabel('교체 사유').fill('렌즈 파손');
  await dialog.getByRole('button', { name: '교체' }).click();
  await dialog.locator('.devices li').nth(1).waitFor({ timeout: 40_000 });
  await page.keyboard.press('Escape');
  await detail.nth(8).click();
  await dialog.getByRole('button', { name: '운영 종료' }).click();
  await dialog.getByLabel('종료 사유').fill('철거');
  await dialog.getByRole('button', { name: '운영 종료' }).click();
  await dialog.locator('.badge').getByText('운영 종료').waitFor();
});

test('the wall is handed over without a break, under both names', async () => {
  const page = await as('operator');
  await moving(page, 8, 60_000);
  await page.getByRole('button', { name: '교대' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('나가는 사람').fill(PASSWORD);
  await dialog.getByLabel('들어오는 사람의 이름').fill('manager');
  await dialog.getByLabel('들어오는 사람의 비밀번호').fill(PASSWORD);
  await dialog.getByRole('button', { name: '교대하기' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await moving(page, 8, 30_000);
  assert.match(await page.locator('.mark').first().innerText(), /김하늘/);
});

test('footage is kept for longer when two people agree, and the ledger holds every step', async () => {
  const administrator = await as('administrator');
  await goTo(administrator, '카메라');
  const third = administrator.locator('tbody tr').nth(2);
  const name = await third.locator('strong').innerText();
  assert.match(await third.innerText(), /최장 30일/);
  await third.getByRole('button').click();
  const asking = administrator.getByRole('dialog');
  await asking.getByRole('button', { name: '보관 기간 변경' }).click();
  await asking.getByLabel('새 보관 기간').fill('60');
  await asking.getByLabel('늘리는 사유').fill('2026-117 수사 협조');
  await asking.getByRole('button', { name: '승인 요청' }).click();
  const told = await asking.getByText(/을 올렸습니다/).innerText();
  const [, entry] = /\((\d{4}\/\d+)\)/.exec(told);
  await administrator.keyboard.press('Escape');
  assert.match(await third.innerText(), /최장 30일/, 'nothing changes by a proposal alone');
  const own = await administrator.evaluate(async (number) => {
    const headers = { 'X-Jikim-Request': '1', 'Content-Type': 'application/json' };
    const answer = await fetch(`/api/v1/proposals/${number}/decide`, { method: 'POST', headers, body: JSON.stringify({ approves: true }) });
    return answer.status;
  }, entry);
  assert.equal(own, 403, 'nobody approves his own proposal');

  const manager = await as('manager');
  await goTo(manager, '승인');
  const item = manager.getByRole('article').filter({ has: manager.getByRole('link', { name: entry, exact: true }) });
  assert.match(await item.innerText(), /최장 30일[\s\S]*최장 60일[\s\S]*2026-117 수사 협조[\s\S]*박서준/);
  await item.getByRole('button', { name: '승인' }).click();
  await manager.getByRole('dialog').getByRole('button', { name: '승인', exact: true }).click();
  await manager.getByText('최장 60일로 바뀌었습니다').waitFor({ timeout: 30_000 });
  const decided = manager.getByRole('row').filter({ has: manager.getByRole('link', { name: entry, exact: true }) });
  assert.match(await decided.innerText(), /시행됨[\s\S]*김하늘/);
  await goTo(manager, '카메라');
  const changed = manager.locator('tbody tr').filter({ has: manager.getByRole('button', { name: `${name} 자세히`, exact: true }) });
  assert.match(await changed.innerText(), /최장 60일/);

  await goTo(manager, '원장');
  const of = (kind) => manager.getByRole('row').filter({ hasText: new RegExp(`${kind}[\\s\\S]*보관 기간 연장[\\s\\S]*← ${entry}(?!\\d)`) });
  assert.match(await of('승인 결정').innerText(), /승인/);
  await of('행위').waitFor();
  const proposal = manager.getByRole('row').filter({ has: manager.getByRole('button', { name: `${entry} 자세히`, exact: true }) });
  assert.match(await proposal.innerText(), /승인 요청[\s\S]*보관 기간 연장/);
});

test('footage is held for a case, the hold is put off and released, and the ledger holds every step', async () => {
  const page = await as('manager');
  await page.evaluate((at) => (location.hash = `/footage?at=${at}`), Date.now() - 60_000);
  await page.getByRole('slider').waitFor();
  await page.getByRole('button', { name: '보전하기' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/(영상 있음|일부만 있음)/).waitFor({ timeout: 30_000 });
  await dialog.getByLabel('사건').fill('2026-117');
  await dialog.getByLabel('목적').selectOption('incident');
  await dialog.getByLabel('사유').fill('분쟁 중');
  await dialog.getByRole('button', { name: '보전하기' }).click();
  await page.getByRole('link', { name: '보전 화면에서 보기' }).click();
  const item = page.getByRole('article').filter({ hasText: '2026-117' });
  assert.match(await item.innerText(), /보전 중[\s\S]*30일 남음[\s\S]*사고 확인 · 분쟁 중[\s\S]*김하늘/);
  await item.getByRole('button', { name: '연장' }).click();
  await dialog.getByRole('button', { name: '60일' }).click();
  await dialog.getByLabel('사유').fill('수사가 이어짐');
  await dialog.getByRole('button', { name: '연장' }).click();
  await page.getByText('연장했습니다').waitFor();
  assert.match(await item.innerText(), /60일 남음/);
  await item.getByRole('button', { name: '해제' }).click();
  await dialog.getByLabel('사유').fill('사건 종결');
  await dialog.getByRole('button', { name: '해제' }).click();
  await page.getByText('보전 중인 영상이 없습니다').waitFor();
  await goTo(page, '원장');
  for (const what of ['영상 보전', '보전 기간 연장', '보전 해제']) await page.getByRole('row').filter({ hasText: '행위' }).filter({ hasText: what }).first().waitFor();
});

test('k9 single minutes take two people and a day: approved they are still there', async () => {
  const administrator = await as('administrator');
  await goTo(administrator, '승인');
  await administrator.getByRole('button', { name: '일부 영상 파기 요청' }).click();
  const asking = administrator.getByRole('dialog');
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  const field = (ms) => {
    const [at, two] = [new Date(ms), (value) => String(value).padStart(2, '0')];
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
  };
  await asking.getByRole('checkbox').first().check();
  await asking.getByLabel('영상 시작').fill(field(minute - 60_000));
  await asking.getByLabel('영상 끝').fill(field(minute));
  await asking.getByLabel('사유').fill('삭제 청구 2026-31');
  await asking.getByRole('button', { name: '승인 요청' }).click();
  const [, entry] = /\((\d{4}\/\d+)\)/.exec(await administrator.getByText(/을 올렸습니다/).innerText());
  const manager = await as('manager');
  await goTo(manager, '승인');
  const item = manager.getByRole('article').filter({ has: manager.getByRole('link', { name: entry, exact: true }) });
  assert.match(await item.innerText(), /\(1분\)[\s\S]*영구 파기[\s\S]*삭제 청구 2026-31[\s\S]*박서준/);
  await item.getByRole('button', { name: '승인' }).click();
  await manager.getByRole('dialog').getByRole('button', { name: '승인', exact: true }).click();
  await manager.getByText('승인했습니다. 하루가').waitFor();
  assert.match(await item.innerText(), /승인됨, 시행 전[\s\S]*(1일|23시간 59분) 뒤부터/);
  assert.equal(await item.getByRole('button').count(), 0);
  const carried = await manager.evaluate(async (number) => {
    const answer = await fetch(`/api/v1/single-minutes/${number}/carry-out`, { method: 'POST', headers: { 'X-Jikim-Request': '1' } });
    return [answer.status, (await answer.json()).error.message_ko];
  }, entry);
  assert.deepEqual([carried[0], /하루가 지나야/.test(carried[1])], [409, true]);
  await goTo(manager, '원장');
  await manager.getByRole('row').filter({ hasText: '거부' }).filter({ hasText: '일부 영상 파기' }).first().waitFor();
  assert.equal(await manager.getByRole('row').filter({ hasText: '행위' }).filter({ hasText: '일부 영상 파기' }).count(), 0, 'no intent of it');
});

test('a floor plan is made and a camera put on it by one person, and seen by another who may not change it', async () => {
  const page = await as('manager');
  await goTo(page, '카메라');
  await goTo(page, '평면도');
  await page.getByRole('button', { name: '건물·층 추가' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('combobox', { name: '시설' }).fill('청사 부지');
  await form.getByRole('combobox', { name: '건물' }).fill('본관');
  await form.getByRole('textbox', { name: '층' }).fill('1층');
  await form.getByRole('button', { name: '저장' }).click();
  await page.getByRole('button', { name: '고치기' }).click();
  const text = await page.evaluate(() => Object.assign(document.createElement('canvas'), { width: 1200, height: 800 }).toDataURL('image/png').split(',')[1]);
  await page.getByLabel('평면도 그림(JPEG, PNG)').setInputFiles({ name: 'plan.png', mimeType: 'image/png', buffer: Buffer.from(text, 'base64') });
  await page.waitForFunction(() => document.querySelector('.sheet canvas')?.hidden === false);
  await page.getByRole('button', { name: /이 층에 놓기$/ }).first().click();
  await page.keyboard.press(']');
  await page.getByRole('button', { name: '저장', exact: true }).click();
  await page.getByRole('status').filter({ hasText: '평면도를 저장했습니다' }).waitFor();
  const other = await as('operator');
  await goTo(other, '카메라');
  await goTo(other, '평면도');
  await other.waitForFunction(() => document.querySelector('.sheet canvas')?.hidden === false);
  await other.getByRole('group', { name: '1층 평면도' }).getByRole('button', { name: /^1\. .*, 녹화 중$/ }).waitFor();
  assert.equal(await other.getByRole('button', { name: '고치기' }).count(), 0);
  await goTo(page, '원장');
  await page.getByRole('row').filter({ hasText: '평면도 변경' }).first().waitFor();
});

// Signing in, one-time links, the language, the idle lock, the handover.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { goTo, moving, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();

async function withMock(options, body) {
  const mock = await startMock(options);
  try {
    await body(mock);
  } finally {
    await mock.close();
  }
}

test('a wrong password gets one sentence, a right one the pages of the role', () =>
  withMock({ cameras: 1 }, async (mock) => {
    const page = await open(mock.address);
    await page.getByLabel('이름').fill('admin');
    await page.getByLabel('비밀번호').fill('not the password');
    await page.getByRole('button', { name: '로그인' }).click();
    assert.match(await page.getByRole('alert').innerText(), /이름 또는 비밀번호가 맞지 않습니다/);
    await signIn(page, 'admin', PASSWORD);
    const names = await page.getByRole('navigation').getByRole('link').allInnerTexts();
    assert.deepEqual(names.map((name) => name.replace(/\s*[A-Za-z].*$/s, '')), ['관제', '카메라', '승인', '상태', '원장', '방침', '약속', '할 일', '계정']);
  }));

test('a one-time link leaves the address bar, works once, and signs in', () =>
  withMock({ cameras: 0 }, async (mock) => {
    const secret = new URL(mock.world.link(mock.world.accounts[3])).hash;
    const page = await open(`${mock.address}/${secret}`);
    await page.getByRole('heading', { name: '처음 로그인' }).waitFor();
    assert.equal(new URL(page.url()).hash, '');
    await page.getByLabel('이름(아이디)').fill('jiwoo');
    await page.getByLabel('화면에 보이는 이름').fill('최지우');
    await page.getByLabel('비밀번호', { exact: false }).first().fill('a long password');
    await page.getByLabel('비밀번호 확인').fill('another password');
    assert.match(await page.getByRole('alert').innerText(), /두 비밀번호가 다릅니다/);
    assert.ok(await page.getByRole('button', { name: '시작하기' }).isDisabled());
    await page.getByLabel('비밀번호 확인').fill('a long password');
    await page.getByRole('button', { name: '시작하기' }).click();
    await page.getByRole('navigation').waitFor();
    assert.match(await page.locator('header').innerText(), /최지우/);

    const again = await open(`${mock.address}/${secret}`);
    await again.getByLabel('이름(아이디)').fill('thief');
    await again.getByLabel('비밀번호', { exact: false }).first().fill('a long password');
    await again.getByLabel('비밀번호 확인').fill('a long password');
    await again.getByRole('button', { name: '시작하기' }).click();
    assert.match(await again.getByRole('alert').innerText(), /이미 썼거나/);
  }));

test('English stands beside Korean, and is kept', () =>
  withMock({ cameras: 0 }, async (mock) => {
    const page = await open(mock.address);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  }));

test('the idle limit locks the controls, not the pictures', () =>
  withMock({ cameras: 4, idleLimitS: 4 }, async (mock) => {
    mock.world.cameras.forEach((camera) => (camera.state = 'recording'));
    const page = await open(mock.address);
    await signIn(page, 'operator', PASSWORD);
    await moving(page, 4);
    await page.getByRole('heading', { name: '조작이 잠겼습니다' }).waitFor();
    await moving(page, 4);
    assert.equal(mock.world.acts.length, 1, 'the wall is the same act');
    assert.ok(await page.locator('.bar').evaluate((bar) => bar.inert));
    assert.ok(await page.locator('header').evaluate((header) => header.inert));
    await page.keyboard.press('Escape');
    await page.locator('.lock input').fill('wrong password');
    await page.getByRole('button', { name: '잠금 해제' }).click();
    await page.getByRole('alert').waitFor();
    mock.world.idleLimitS = 900;
    await page.locator('.lock input').fill(PASSWORD);
    await page.getByRole('button', { name: '잠금 해제' }).click();
    await page.getByRole('heading', { name: '조작이 잠겼습니다' }).waitFor({ state: 'hidden' });
    await moving(page, 4);
    assert.equal(mock.world.acts.length, 1);
  }));

test('touching the controls puts the lock off', () =>
  withMock({ cameras: 1, idleLimitS: 5 }, async (mock) => {
    const page = await open(mock.address);
    await signIn(page, 'operator', PASSWORD);
    for (let i = 0; i < 8; i += 1) {
      await page.keyboard.press('Shift');
      await page.waitForTimeout(1000);
    }
    assert.equal(await page.getByRole('heading', { name: '조작이 잠겼습니다' }).count(), 0);
  }));

test('a page without pictures is hidden while locked', () =>
  withMock({ cameras: 1, idleLimitS: 4 }, async (mock) => {
    const page = await open(mock.address);
    await signIn(page, 'manager', PASSWORD);
    await goTo(page, '계정');
    await page.getByText('이도윤').waitFor();
    await page.getByRole('heading', { name: '조작이 잠겼습니다' }).waitFor();
    assert.ok(await page.getByText('이도윤').isHidden());
  }));

test('a handover takes both passwords, and the wall goes on as the next person', () =>
  withMock({ cameras: 4 }, async (mock) => {
    mock.world.cameras.forEach((camera) => (camera.state = 'recording'));
    const page = await open(mock.address);
    await signIn(page, 'operator', PASSWORD);
    await moving(page, 4);
    await page.getByRole('button', { name: '교대' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('나가는 사람').fill('wrong password');
    await dialog.getByLabel('들어오는 사람의 이름').fill('operator2');
    await dialog.getByLabel('들어오는 사람의 비밀번호').fill(PASSWORD);
    await dialog.getByRole('button', { name: '교대하기' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('나가는 사람').fill(PASSWORD);
    await dialog.getByRole('button', { name: '교대하기' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await moving(page, 4);
    assert.match(await page.locator('.mark').first().innerText(), /최지우/);
    assert.deepEqual(mock.world.acts.map((act) => act.account), ['operator', 'operator2']);
  }));

test('signing out goes back to the door', () =>
  withMock({ cameras: 1 }, async (mock) => {
    const page = await open(mock.address);
    await signIn(page, 'manager', PASSWORD);
    await page.getByRole('button', { name: '로그아웃' }).click();
    await page.getByRole('heading', { name: '로그인' }).waitFor();
    assert.equal(mock.world.sessions.size, 0);
  }));

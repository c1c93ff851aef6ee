// The visitors' book: consent and admission are two things, and without consent nobody is named.

import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { enterVisit } from '../../dev/visits.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 2 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => {
  world.visits = [];
  world.noAreas = false;
});

const person = (name) => world.accounts.find((account) => account.name === name);

/** Somebody who consented, is let in, and came so many hours ago. */
function visit(name, hoursAgo = 0, more = {}) {
  const made = enterVisit(world, person('officer'), { area: 'server-room', escort: person('officer').id, consent: 'given', admission: 'granted', name, body: '한빛보안', business: '배선 점검', ...more });
  made.atMs -= hoursAgo * 3_600_000;
  return made;
}

async function as(name, options) {
  const page = await open(`${mock.address}/#/visits`, options);
  await signIn(page, name, PASSWORD);
  await page.getByRole('heading', { name: /^(출입 기록|Visitors)$/, level: 1 }).waitFor();
  return page;
}

const dialog = (page) => page.getByRole('dialog');
const region = (page, name) => page.getByRole('region', { name });
const send = (page) => dialog(page).getByRole('button', { name: '기록', exact: true });

async function choose(page, consent, admission) {
  await page.getByRole('button', { name: '출입 기록하기' }).click();
  await dialog(page).getByRole('radio', { name: consent, exact: true }).check();
  await dialog(page).getByRole('radio', { name: admission, exact: true }).check();
  await dialog(page).getByLabel('구역').selectOption({ label: '통신실' });
  await dialog(page).getByLabel('동행(기관)').selectOption({ label: '정유진 (담당자)' });
}

test('who consents is named, is there, and leaves', async () => {
  const page = await as('officer');
  await choose(page, '동의', '들임');
  await dialog(page).getByText('동의하지 않았다는 까닭만으로 출입을 거절하지 않으며').waitFor();
  await dialog(page).getByLabel('성명').fill('박방문');
  await send(page).click();
  assert.equal(world.visits.length, 0, 'the browser asks what for');
  await dialog(page).getByLabel('용무').fill('배선 점검');
  await send(page).click();
  await page.getByRole('status').filter({ hasText: '박방문: 들인 것을 기록했습니다' }).waitFor();
  const card = region(page, '지금 안에 있는 사람').getByRole('article');
  assert.match(await card.innerText(), /박방문[\s\S]*동의[\s\S]*들임[\s\S]*통신실[\s\S]*배선 점검[\s\S]*정유진/);
  await card.getByRole('button', { name: '나감' }).click();
  await dialog(page).getByRole('button', { name: '나감', exact: true }).click();
  await page.getByText('안에 있는 방문자가 없습니다.').waitFor();
  assert.match(await region(page, '최근 하루').innerText(), /박방문/);
});

test('who does not consent is let in all the same, and nobody is asked who it was', async () => {
  const page = await as('manager');
  await choose(page, '동의 안 함', '들임');
  assert.equal(await dialog(page).getByLabel('성명').count(), 0);
  await dialog(page).getByText('성명, 소속, 용무를 적지 않습니다.').waitFor();
  await send(page).click();
  const card = region(page, '지금 안에 있는 사람').getByRole('article');
  assert.match(await card.innerText(), /성명을 남기지 않은 방문자[\s\S]*동의 안 함[\s\S]*들임/);
  assert.deepEqual([world.visits[0].consent, world.visits[0].admission, world.visits[0].detail.name], ['refused', 'granted', null]);
});

test('what was written before the visitor changed his mind is not sent', async () => {
  const page = await as('manager');
  await choose(page, '동의', '들임');
  await dialog(page).getByLabel('성명').fill('최철회');
  await dialog(page).getByLabel('용무').fill('배선 점검');
  await dialog(page).getByRole('radio', { name: '동의 안 함' }).check();
  await send(page).click();
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(JSON.stringify(world.entries).includes('최철회'), false);
});

test('who is not let in is entered with the reason, and is not in there', async () => {
  const page = await as('officer');
  await choose(page, '동의', '들이지 않음');
  await dialog(page).getByLabel('성명').fill('박방문');
  await dialog(page).getByLabel('용무').fill('판매');
  await dialog(page).getByLabel('들이지 않는 까닭').fill('약속이 없음');
  await send(page).click();
  await page.getByText('안에 있는 방문자가 없습니다.').waitFor();
  assert.match(await region(page, '최근 하루').innerText(), /박방문[\s\S]*들이지 않음[\s\S]*약속이 없음/);
});

test('consent is taken back, and the name is gone', async () => {
  visit('박방문');
  const page = await as('officer');
  await page.getByRole('button', { name: '동의 거두기' }).click();
  await dialog(page).getByRole('button', { name: '동의 거두기' }).click();
  await page.getByRole('status').filter({ hasText: '동의를 거둔 것을 기록했습니다' }).waitFor();
  const text = await region(page, '지금 안에 있는 사람').innerText();
  assert.match(text, /동의를 거둔 방문자[\s\S]*동의 거둠/);
  assert.equal(text.includes('박방문'), false);
  assert.equal(await page.getByRole('button', { name: '동의 거두기' }).count(), 0);
});

test('older ones are without a name here: they are read in the ledger, with a purpose', async () => {
  const old = visit('지난 방문자', 50);
  old.leftMs = old.atMs + 3_600_000;
  const page = await as('manager');
  await page.getByText('지난 기록').click();
  const text = await page.locator('details').innerText();
  assert.equal(text.includes('지난 방문자'), false);
  await page.locator('details').getByRole('link').click();
  await page.getByRole('dialog').waitFor();
});

test('without a policy there is no area, and an operator sees no book', async () => {
  world.noAreas = true;
  const page = await as('manager');
  await page.getByText('시행 중인 방침이 없어').waitFor();
  assert.ok(await page.getByRole('button', { name: '출입 기록하기' }).isDisabled());
  const other = await open(mock.address);
  await signIn(other, 'operator', PASSWORD);
  assert.equal(await other.getByRole('link', { name: '출입 기록' }).count(), 0);
});

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`page and dialogs are accessible and fit at ${size}, in both languages`, async () => {
    visit('박방문');
    visit('', 0, { consent: 'refused', name: '', body: '', business: '' });
    visit('지난 방문자', 50).leftMs = Date.now() - 40 * 3_600_000;
    for (const language of ['ko', 'en']) {
      const page = await as('manager', { viewport, language });
      await sound(page, `the page in ${language}`);
      await page.getByRole('button', { name: /^(출입 기록하기|Enter a visit)$/ }).click();
      await dialog(page).getByRole('radio', { name: /^(동의|Consents)$/ }).check();
      await dialog(page).getByRole('radio', { name: /^(들이지 않음|Not let in)$/ }).check();
      await sound(page, `entering in ${language}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= viewport.width, `${wide} px wide in ${language}`);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^(동의 거두기|Take consent back)$/ }).first().click();
      await sound(page, `taking back in ${language}`);
    }
  });
}

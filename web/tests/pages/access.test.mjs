// Every page against the rules of WCAG 2.2 A and AA that a program can check, in both sizes.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, moving, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 4 });
after(() => mock.close());
mock.world.cameras[3].state = 'unreachable';

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`the door is accessible at ${size}`, async () => {
    const page = await open(mock.address, { viewport });
    await page.getByLabel('비밀번호').waitFor();
    await sound(page, 'sign-in');
    const link = await open(`${mock.address}/#link=x`, { viewport });
    await link.getByLabel('비밀번호 확인').waitFor();
    await sound(link, 'claim');
  });

  test(`every page is accessible at ${size}`, async () => {
    const page = await open(mock.address, { viewport });
    await signIn(page, 'manager', PASSWORD);
    await moving(page, 3);
    await sound(page, 'live');
    for (const place of ['footage', 'cameras', 'health', 'ledger', 'accounts']) {
      await page.evaluate((name) => (location.hash = `/${name}`), place);
      await page.locator('.card, .screen').first().waitFor();
      await sound(page, place);
    }
    await page.getByRole('button', { name: '계정 발급' }).click();
    await sound(page, 'a dialog');
  });
}

test('the keyboard reaches everything: sign in, go to a page, open and close a dialog', async () => {
  const page = await open(mock.address);
  await page.getByLabel('비밀번호').waitFor();
  await page.keyboard.type('manager');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').waitFor();
  const link = page.getByRole('navigation').getByRole('link', { name: '계정' });
  for (let i = 0; i < 20 && !(await link.evaluate((element) => element === document.activeElement)); i += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '계정 발급' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.closest('dialog') !== null));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), '계정 발급');
});

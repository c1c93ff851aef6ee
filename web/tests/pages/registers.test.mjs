// The registers that the law asks for: chosen, shown, kept as files; nobody reads one by chance.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, beforeEach, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 3 });
const { world } = mock;
after(() => mock.close());
beforeEach(() => Object.assign(world, { broken: [], pressMissing: false, registerRows: null }));

async function as(name, options = {}) {
  const page = await open(`${mock.address}/#/registers`, { zone: 'UTC', ...options });
  await signIn(page, name, PASSWORD);
  return page;
}

const reads = () => world.entries.filter(({ entry }) => entry.action === 'register.read' && entry.kind === 'intent').length;
const show = (page) => page.getByRole('button', { name: '대장 보기' }).click();
const choose = (page, name) => page.getByRole('combobox', { name: '대장' }).selectOption({ label: name });

test('a register is read when somebody asks, and the reading is told', async () => {
  const page = await as('manager');
  await page.getByRole('heading', { level: 1, name: '대장' }).waitFor();
  const before = reads();
  await choose(page, '열람 등 청구 처리대장');
  assert.equal(reads(), before, 'to choose is not to read');
  await show(page);
  const table = page.getByRole('table');
  await table.waitFor();
  assert.equal(reads(), before + 1);
  await page.getByText('이 열람은 원장 2026/41에 남았습니다').waitFor();
  const text = await table.innerText();
  for (const word of ['홍청구', '=정문', '제35조제4항제2호', '2026-11-30', '보관 기간이 지나 내용이 파기됨']) {
    assert.ok(text.includes(word), word);
  }
  assert.equal(await table.getByRole('row').count(), 4, 'the row whose details are gone stays');
  await page.getByText('‘사본 교부 내용·사유’ 칸은 비어 있습니다').waitFor();
});

test('it is kept as a file of each form', async () => {
  const page = await as('officer');
  await choose(page, '열람 등 청구 처리대장');
  await page.getByLabel('첫날').fill('2026-11-01');
  await page.getByLabel('마지막 날').fill('2026-11-23');
  for (const form of ['XLSX', 'PDF', 'HWPX', 'HTML']) {
    const kept = page.waitForEvent('download');
    await page.getByRole('button', { name: `${form} 받기` }).click();
    const download = await kept;
    assert.equal(download.suggestedFilename(), `requests-2026-11-01-2026-11-23.${form.toLowerCase()}`);
    const text = await readFile(await download.path(), 'utf8');
    assert.match(text, new RegExp(`2026-11-01 2026-11-23 ${form.toLowerCase()}$`));
  }
  await page.getByText('개인정보가 들어 있으니').waitFor();
});

test('what is empty, unfit or failing is said, and what to do', async () => {
  const page = await as('manager');
  await choose(page, '접속기록');
  await show(page);
  await page.getByText('이 기간에는 기록이 없습니다').waitFor();
  await page.getByLabel('첫날').fill('2020-01-01');
  await show(page);
  await page.getByText('기간을 줄이거나').waitFor();
  assert.equal(await page.getByText('이 기간에는 기록이 없습니다').count(), 0, 'what was shown before is of other days');
  world.pressMissing = true;
  await page.getByLabel('첫날').fill('2026-11-01');
  await page.getByRole('button', { name: 'PDF 받기' }).click();
  await page.getByText('시스템 관리자에게 설치를 요청').waitFor();
  world.broken = ['/registers'];
  await show(page);
  await page.getByText('녹화기 내부에 문제가').waitFor();
  world.broken = [];
  await page.getByRole('button', { name: '다시' }).first().click();
  await page.getByText('이 기간에는 기록이 없습니다').waitFor();
});

test('who may not read a register does not see the page', async () => {
  const page = await as('operator');
  await page.getByRole('navigation').first().waitFor();
  assert.equal(await page.getByRole('link', { name: '대장', exact: true }).count(), 0);
  assert.equal(await page.getByRole('button', { name: '대장 보기' }).count(), 0);
});

for (const [name, size] of [['desk', DESK], ['pocket', POCKET]]) {
  test(`it is sound on a ${name}, by the keyboard alone, and nothing lies outside`, async () => {
    const page = await as('manager', size);
    await choose(page, '열람 등 청구 처리대장');
    await page.getByRole('button', { name: '대장 보기' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('table').waitFor();
    await sound(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px too wide`);
  });
}

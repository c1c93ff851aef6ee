// The registers as somebody reads them on the page: which rows there are, and what their fields say.

import assert from 'node:assert/strict';

import { toPage } from './office.mjs';

/** The rows of a register of the last thirty days, each as a record of its columns. */
export async function register(page, name) {
  await toPage(page, '원장', '대장');
  await page.getByRole('combobox', { name: '대장' }).selectOption({ label: name });
  await page.getByRole('button', { name: '대장 보기' }).click();
  await page.getByText(/이 열람은 원장 \d+\/\d+에 남았습니다/).waitFor();
  return page.locator('table').evaluate((table) => {
    const names = [...table.querySelectorAll('th')].map((it) => it.textContent.trim());
    const cells = (row) => [...row.querySelectorAll('td')].map((it, at) => [names[at], it.innerText.trim()]);
    return [...table.querySelectorAll('tbody tr')].map((row) => Object.fromEntries(cells(row)));
  });
}

/** The one row in which a column says this. */
export function the(rows, column, text) {
  const found = rows.filter((row) => row[column] === text);
  assert.equal(found.length, 1, `one row with ${column} ${text}, of ${rows.length}`);
  return found[0];
}

/** Which fields are empty. */
export const emptyFields = (row) => Object.keys(row).filter((name) => row[name] === '');

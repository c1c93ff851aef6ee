// The steps of a disclosure to another body, each on the page of disclosures as a clerk takes it.

import { daysAhead, fillSpan, inDialog, toPage } from './office.mjs';

/** Fills the form of receipt, up to its last button. */
export async function fillDisclosure(page, { body, officer, phone, paper, ground, basis, purpose, conditions, useUntil, ...span }) {
  await toPage(page, '보전', '제공');
  await page.getByRole('button', { name: '요청 접수' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('요청한 기관').fill(body);
  await dialog.getByLabel('온 사람').fill(officer);
  await dialog.getByLabel('전화번호').fill(phone);
  await dialog.getByLabel('공문 또는 영장 번호').fill(paper);
  await dialog.getByRole('radio', { name: ground }).check();
  await dialog.getByLabel(basis.label).fill(basis.text);
  await dialog.getByRole('textbox', { name: /^목적/ }).fill(purpose);
  await fillSpan(dialog, span);
  await dialog.getByLabel('요구할 사항').fill(conditions);
  await dialog.getByLabel('이용 기한').fill(useUntil);
  return dialog;
}

/** Receives what another body asks for; its number of receipt. */
export async function receive(page, form) {
  const dialog = await fillDisclosure(page, form);
  await dialog.getByRole('button', { name: '접수하고 보전하기' }).click();
  const text = await page.getByRole('status').filter({ hasText: '접수번호' }).innerText();
  return { number: /접수번호 (\d{4}-\d+)\./.exec(text)[1], text };
}

/** The row of the board, whether it is among those to be worked on or among the ended. */
export async function row(page, number) {
  await toPage(page, '보전', '제공');
  const it = page.getByRole('row').filter({ has: page.getByRole('link', { name: `접수번호 ${number} 보기`, exact: true }) });
  await page.locator('#active').waitFor();
  if ((await it.count()) === 0) await page.getByText('끝난 건').click();
  return it;
}

/** A disclosure as somebody reads it, which is entered; its next step is on the page. */
export async function read(page, number) {
  await (await row(page, number)).getByRole('link').click();
  await page.getByRole('button', { name: '읽고 처리하기(원장에 남음)' }).click();
  await page.getByRole('heading', { name: /^(다음 할 일|더 할 일이 없습니다)/ }).waitFor();
}

const tells = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();

export async function decide(page, decision, text) {
  const fill = async (dialog) => {
    await dialog.getByRole('radio', { name: decision, exact: true }).check();
    await dialog.getByRole('textbox').fill(text);
  };
  await inDialog(page, '결정', fill, '결정하기');
  await tells(page, `결정을 기록했습니다: ${decision}`);
}

/** One alone grants what cannot wait. */
export async function compel(page, { why, by, how, at }) {
  const fill = async (dialog) => {
    await dialog.getByRole('radio', { name: why, exact: true }).check();
    await dialog.getByLabel('확인한 사람').fill(by);
    await dialog.getByRole('radio', { name: how, exact: true }).check();
    await dialog.getByLabel('확인한 때').fill(at);
  };
  await inDialog(page, '긴급: 혼자 결정', fill, '혼자 결정하기');
  await tells(page, '혼자 결정한 것을 기록했습니다');
}

export async function provide(page, text) {
  await inDialog(page, '제공 적기', (dialog) => dialog.getByLabel('남길 말').fill(text), '제공했음');
  await tells(page, '제공한 것을 기록했습니다');
}

export async function review(page, text) {
  await inDialog(page, '검토 적기', (dialog) => dialog.getByLabel('살펴본 것과 판단').fill(text), '검토를 기록');
  await tells(page, '검토한 것을 기록했습니다');
}

/** Published from today on, for the ten days that the law asks for at least. */
export async function publish(page, text) {
  const fill = async (dialog) => {
    await dialog.getByLabel('실은 곳').fill(text);
    await dialog.getByLabel('마지막 날').fill(daysAhead(10));
  };
  await inDialog(page, '게재 적기', fill, '게재를 기록');
  await tells(page, '게재한 것을 기록했습니다');
}

export async function report(page, text) {
  await inDialog(page, '통보 적기', (dialog) => dialog.getByLabel('받은 쪽이 한 일과 파기한 것').fill(text), '통보를 기록');
  await tells(page, '통보받은 것을 기록했습니다');
}

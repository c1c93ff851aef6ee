// The steps of a person's request, each on the page of requests as a clerk takes it.

import assert from 'node:assert/strict';

import { fileOf, fillSpan, inDialog, toPage } from './office.mjs';

async function person(group, { name, phone, born = '', address = '' }) {
  await group.getByLabel('성명').fill(name);
  await group.getByLabel('연락처').fill(phone);
  await group.getByLabel('생년월일').fill(born);
  await group.getByLabel('주소').fill(address);
}

/** Fills the form of receipt, up to its last button. */
export async function fillRequest(page, { requester, agent = null, asks, reason, channel, ...span }) {
  await toPage(page, '보전', '청구');
  await page.getByRole('button', { name: '청구서 접수' }).click();
  const dialog = page.getByRole('dialog');
  await person(dialog.getByRole('group', { name: '청구인(찍힌 사람)' }), requester);
  if (agent) {
    await dialog.getByLabel('대리인이 청구함').check();
    const group = dialog.getByRole('group', { name: '대리인', exact: true });
    await person(group, agent);
    await group.getByLabel('대리하는 근거').selectOption({ label: agent.right });
    await group.getByLabel('청구인과의 관계').fill(agent.relation);
  }
  for (const each of asks) await dialog.getByRole('checkbox', { name: each, exact: true }).check();
  await fillSpan(dialog, span);
  await dialog.getByLabel('목적과 사유').fill(reason);
  await dialog.getByRole('radio', { name: channel, exact: true }).check();
  return dialog;
}

/** Receives a request; its number of receipt, and what the page tells. */
export async function receive(page, form) {
  const dialog = await fillRequest(page, form);
  await dialog.getByRole('button', { name: '접수하고 보전하기' }).click();
  const text = await page.getByRole('status').filter({ hasText: '접수번호' }).innerText();
  return { number: /접수번호 (\d{4}-\d+)\./.exec(text)[1], text };
}

/** The row of the board, whether it is among those to be worked on or among the ended. */
export async function row(page, number) {
  await toPage(page, '보전', '청구');
  const it = page.getByRole('row').filter({ has: page.getByRole('link', { name: `접수번호 ${number} 보기`, exact: true }) });
  await page.locator('#active').waitFor();
  if ((await it.count()) === 0) await page.getByText('끝난 청구').click();
  return it;
}

/** A request as somebody reads it, which is entered; its next step is on the page. */
export async function read(page, number) {
  await (await row(page, number)).getByRole('link').click();
  await page.getByRole('button', { name: '읽고 처리하기(원장에 남음)' }).click();
  await page.getByRole('heading', { name: /^(다음 할 일|더 할 일이 없습니다)/ }).waitFor();
}

/** The heading that says what is to be done next. */
export const next = (page) => page.locator('#next').innerText();

const tells = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();

export async function identify(page, remark) {
  await inDialog(page, '본인 확인', (dialog) => dialog.getByLabel('남길 말').fill(remark), '확인했음');
  await tells(page, '본인 확인을 기록했습니다');
}

/** Decides; a refusal has its ground and facts. */
export async function decide(page, decision, { ground = null, facts = '' } = {}) {
  const fill = async (dialog) => {
    await dialog.getByRole('radio', { name: decision, exact: true }).check();
    if (!ground) return;
    await dialog.getByRole('radio', { name: ground }).check();
    await dialog.getByLabel('그 사유가 되는 사실').fill(facts);
  };
  await inDialog(page, '결정', fill, '결정하기');
  await tells(page, `결정을 기록했습니다: ${decision}`);
}

/** Takes a letter as HTML, with its document number: it carries that number and the request's. */
export async function letter(page, name, { number, documentNumber, viewing = null }) {
  const form = page.getByRole('form', { name, exact: true });
  await form.getByLabel('문서번호').fill(documentNumber);
  if (viewing) {
    await form.getByLabel('열람 날짜').fill(viewing.day);
    await form.getByLabel('시간').fill(viewing.time);
    await form.getByLabel('장소').fill(viewing.place);
  }
  const file = await fileOf(page, () => form.getByRole('button', { name: '인쇄용 HTML 받기' }).click());
  await tells(page, '를 받았습니다');
  assert.match(file.name, new RegExp(`^${number}-[a-z]+\\.html$`));
  const text = file.text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
  assert.ok(text.includes(documentNumber), `${name} has its document number`);
  assert.ok(text.includes(number), `${name} has the number of receipt`);
  return text;
}

export async function answer(page, remark) {
  await inDialog(page, '통지', (dialog) => dialog.getByLabel('남길 말').fill(remark), '알렸음');
  await tells(page, '이 청구는 끝났습니다');
}

export async function withdraw(page, remark) {
  await inDialog(page, '취하', (dialog) => dialog.getByLabel('남길 말').fill(remark), '취하를 기록');
  await tells(page, '취하를 기록했습니다');
}

export async function object(page, text) {
  await inDialog(page, '이의신청 접수', (dialog) => dialog.getByLabel('이의의 내용').fill(text), '이의신청 접수하기');
  await tells(page, '이의신청을 접수했습니다');
}

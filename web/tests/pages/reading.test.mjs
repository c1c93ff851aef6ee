// A published policy is pasted, looked through, mended, and becomes a draft.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';

import { startMock } from '../../dev/mock.mjs';
import { PASSWORD } from '../../dev/world.mjs';
import { sound } from '../axe.mjs';
import { DESK, goTo, POCKET, signIn, withBrowser } from '../browser.mjs';

const open = withBrowser();
const mock = await startMock({ cameras: 1 });
after(() => mock.close());

const TEXT = ['한빛구립도서관 고정형 영상정보처리기기 운영·관리 방침', '2. 설치 대수, 총 9대', '위치\t대수', '로비\t4대', '주차장\t3대', '???', '열람을 거부할 수 있습니다.'].join('\n');

const CP949_TEXT = '방침';
const CP949 = Buffer.from([0xb9, 0xe6, 0xc4, 0xa7]);

async function reading(options) {
  const page = await open(mock.address, options);
  await signIn(page, 'manager', PASSWORD);
  await goTo(page, '방침');
  await page.getByRole('link', { name: '방침 점검' }).click();
  await page.getByLabel('방침의 글').waitFor();
  return page;
}

for (const [size, viewport] of [['1440', DESK], ['390', POCKET]]) {
  test(`a text is looked through, mended, and drafted at ${size}`, async () => {
    const page = await reading({ viewport });
    const look = page.getByRole('button', { name: '살펴보기' });
    assert.ok(await look.isDisabled(), 'there is no text yet');
    await sound(page, 'reading, empty');
    await page.getByLabel('방침의 글').fill(TEXT);
    await look.click();
    await page.getByText('7대 (적힌 수 9대)').waitFor();
    await page.getByText('오류 1건, 주의 0건').waitFor();
    await page.getByRole('button', { name: '2행 보기' }).click();
    const here = page.locator('[aria-current=true]', { hasText: '총 9대' });
    await here.waitFor();
    assert.match(await here.innerText(), /^2\s/);
    assert.equal(await page.getByText('이해 못 함').count(), 1);
    await sound(page, 'reading, findings');
    // The text is mended, and what was wrong is gone.
    await page.getByRole('button', { name: '글 고치기' }).click();
    await page.getByLabel('방침의 글').fill(TEXT.replace('총 9대', '총 7대'));
    await page.getByRole('button', { name: '살펴보기' }).click();
    await page.getByText('찾은 것이 없습니다.').waitFor();

    await page.getByRole('button', { name: /기관 설명 초안 · 물음 1/ }).click();
    await sound(page, 'reading, draft');
    await page.getByLabel('새 방침을 시행할 날').fill('2026-12-08');
    await page.getByRole('button', { name: '답을 넣어 다시 만들기' }).click();
    await page.getByText('공고할 수 있습니다. 초안을 내려받아').waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: '초안 내려받기' }).click();
    const saved = await readFile(await (await saving).path(), 'utf8');
    assert.match(saved, /effective = "2026-12-08"/);
  });
}

test('a file is read, one that is no text is refused, and a failure is told with the text kept', async () => {
  const page = await reading({});
  const file = page.getByLabel('또는 파일(.hwpx, .txt)');
  await file.setInputFiles({ name: 'policy.hwp', mimeType: 'text/plain', buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xff]) });
  await page.getByText('옛 형식의 문서').waitFor();
  await file.setInputFiles({ name: 'policy.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
  await page.getByText('PDF 파일은 읽지 않습니다.').waitFor();
  await file.setInputFiles({ name: 'policy.hwpx', mimeType: 'application/hwp+zip', buffer: Buffer.from('PK\x03\x04 and nothing') });
  await page.getByText('글로 읽을 수 없는 파일입니다.').waitFor();
  await file.setInputFiles({ name: 'policy.txt', mimeType: 'text/plain', buffer: CP949 });
  await page.waitForFunction((text) => document.querySelector('textarea').value === text, CP949_TEXT);

  await file.setInputFiles({ name: 'policy.txt', mimeType: 'text/plain', buffer: Buffer.from(TEXT) });
  await page.getByRole('button', { name: '살펴보기' }).waitFor();
  mock.world.broken = ['/policy/reading'];
  await page.getByRole('button', { name: '살펴보기' }).click();
  await page.getByText('녹화기 내부에 문제가 생겼습니다.').waitFor();
  mock.world.broken = [];
  assert.equal(await page.getByLabel('방침의 글').inputValue(), TEXT);
});

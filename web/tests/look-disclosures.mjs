// What look.mjs photographs of the page of disclosures.

import { goOn, receiveDisclosure } from '../dev/disclosures.mjs';

/** Disclosures in every state; then the form, one granted alone before and after it is read, and its steps. */
export async function disclosures(world, page, shot, size) {
  const person = (name) => world.accounts.find((account) => account.name === name);
  const [hour, day] = [3_600_000, 86_400_000];
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  const iso = (ms) => new Date(ms).toISOString();
  const koreanDay = (ahead) => iso(Date.now() + 9 * hour + ahead * day).slice(0, 10);
  const one = (more, ...steps) => {
    const form = { kind: 'provision', body: '가나경찰서 형사과', officer: '나형사 경위', phone: '010-0000-0000', document: '형사과-2026-331', ground: 'provision-7', basis: '가나경찰서 2026-001234호', purpose: '주차장 차량 절도의 수사', cameras: [2, 3].map((i) => world.cameras[i].id), from: iso(minute - 3 * hour), until: iso(minute - 2 * hour), conditions: '수사에만 쓰고 담당자만 볼 것. 기한이 되면 파기하고 알릴 것', use_until: koreanDay(30), ...more };
    const made = receiveDisclosure(world, person('officer'), form);
    for (const [name, step, beside = {}] of steps) goOn(world, person(name), made, step, beside);
    return made;
  };
  const granted = ['manager', 'decided', { granted: true }];
  Object.assign(world, { disclosures: [], holds: [] });
  one({ cameras: [world.cameras[5].id] }, ['manager', 'decided', { granted: false, text: '사건번호가 없음' }]);
  one({ kind: 'own-use', body: '안전총괄과', conditions: '', use_until: null, ground: 'provision-10', cameras: [world.cameras[0].id] }, granted);
  one({ ground: 'provision-8' }, granted, ['manager', 'provided']);
  one({}, granted, ['officer', 'provided']).form.use_until = koreanDay(-2);
  const confirmation = { compelled_by: 'warrant', by: '김하늘 관리책임자', how: 'telephone', at: iso(minute - hour) };
  const warrant = one({ ground: 'provision-2', basis: '형사소송법 제215조, 영장번호 2026-1234', document: '영장 2026-1234' }, ['officer', 'compelled', { confirmation }], ['officer', 'provided', { text: '암호를 건 사본을 직접 넘김' }]);
  const fresh = one({ cameras: [world.cameras[1].id] });
  await page.getByText('기한 2일 지남').waitFor();
  await page.getByText('끝난 건').click();
  await shot(`${size}-disclosures`, true);
  await page.getByRole('button', { name: '요청 접수' }).click();
  await page.getByRole('dialog').getByRole('radio', { name: '범죄의 수사' }).check();
  await shot(`${size}-disclosure-form`);
  await page.getByRole('dialog').evaluate((dialog) => dialog.scrollTo(0, dialog.scrollHeight));
  await shot(`${size}-disclosure-form-end`);
  await page.keyboard.press('Escape');
  const show = async (made) => {
    await page.evaluate((id) => (location.hash = `#/disclosures?number=${id}`), made.id);
    await page.getByRole('button', { name: '읽고 처리하기' }).waitFor();
    if (made === warrant) await shot(`${size}-disclosure-unread`, true);
    await page.getByRole('button', { name: '읽고 처리하기' }).click();
    await page.getByText('나형사').waitFor();
  };
  await show(warrant);
  await shot(`${size}-disclosure`, true);
  await page.getByRole('button', { name: '게재 적기' }).click();
  await shot(`${size}-disclosure-publish`);
  await page.keyboard.press('Escape');
  await show(fresh);
  await shot(`${size}-disclosure-decision`, true);
  await page.getByRole('button', { name: '결정', exact: true }).click();
  await page.getByRole('dialog').getByRole('radio', { name: '거절' }).check();
  await shot(`${size}-disclosure-decide`);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '긴급: 혼자 결정' }).click();
  await shot(`${size}-disclosure-alone`);
  await page.keyboard.press('Escape');
  Object.assign(world, { disclosures: [], holds: [] });
}

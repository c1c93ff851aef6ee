// The page of a bundle: opened from a file, with no network, by whoever has the passphrase.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { sound } from '../axe.mjs';
import { DESK, moving, POCKET, withBrowser } from '../browser.mjs';

const root = new URL('../../../', import.meta.url).pathname;
const PAGE = `${root}crates/bundle/page/open.html`;
const RECEIPT = 'c2sp.org/tlog-proof@v1\n';
const open = withBrowser();
const vector = JSON.parse(readFileSync(`${root}testdata/bundle/sealed.json`, 'utf8'));
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
});
after(() => rmSync(folder, { recursive: true }));

/** A file as the recorder puts it together: the page as it is now, what was sealed, a receipt. */
function bundle(sealed = Buffer.from(vector.sealed, 'base64'), name = 'bundle.html') {
  const lines = sealed.toString('base64').replace(/.{1,76}/g, '$&\n');
  const head = readFileSync(PAGE, 'utf8').replace(/<!--sealed-->\n$/, '');
  const file = join(folder, name);
  writeFileSync(
    file,
    `${head}<script type="application/age" id="sealed">\n${lines}</script>\n` +
      `<script type="text/plain" id="receipt">\n${RECEIPT}</script>\n</body>\n</html>\n`,
  );
  return pathToFileURL(file).href;
}

/** Opens it and counts what it asks of anybody. */
async function opened(address, options) {
  const page = await open(address, options);
  const asked = [];
  page.on('request', (request) => {
    if (!/^(blob|file):/.test(request.url())) asked.push(request.url());
  });
  return { page, asked };
}

test('the committed page is what its source builds', () => {
  const fresh = join(folder, 'fresh.html');
  const { status, stderr } = spawnSync(process.execPath, [`${root}web/bundle/build.mjs`, fresh], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.ok(readFileSync(fresh).equals(readFileSync(PAGE)), 'run node bundle/build.mjs in web, commit the page');
});

for (const [name, viewport] of Object.entries({ desk: DESK, pocket: POCKET })) {
  test(`with the passphrase the clip plays, offline (${name})`, async () => {
    const { page, asked } = await opened(bundle(), { viewport });
    await page.context().setOffline(true);
    await sound(page, `closed, ${name}`);
    await page.getByLabel(/암호/).fill(vector.passphrase.toLowerCase().replaceAll('-', ' '));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /견본기관, 2026\/17/ }).waitFor();
    // Looped, so that a clip of two seconds is still going when it is looked at.
    await page.$eval('video', (video) => {
      video.loop = true;
      video.muted = true;
      return video.play();
    });
    await moving(page, 1);
    // What a person wrote is shown as text.
    assert.ok((await page.locator('#cover').innerText()).includes('홍길동 <b>'));
    assert.ok((await page.locator('#clips').innerText()).includes('2026-11-20 14:00:00 ~ 2026-11-20 14:00:03'));
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: /clip-1\.mp4/ }).click();
    const clip = readFileSync(await (await saved).path());
    assert.ok(clip.equals(readFileSync(`${root}testdata/bundle/clip.mp4`)));
    await sound(page, `opened, ${name}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px to the side`);
    assert.deepEqual(asked, []);
  });
}

test('another passphrase, a typing error and a changed file are told, and nothing is shown', async () => {
  const changed = Buffer.from(vector.sealed, 'base64');
  changed[changed.length - 40] ^= 1;
  for (const [address, typed, said] of [
    [bundle(), vector.passphrase.replace(/.$/, (letter) => (letter === 'A' ? 'B' : 'A')), '열리지 않습니다'],
    [bundle(), '4T9X', '다시 보아 주십시오'],
    [bundle(changed, 'changed.html'), vector.passphrase, '열리지 않습니다'],
  ]) {
    const { page } = await opened(address);
    await page.getByLabel(/암호/).fill(typed);
    await page.getByRole('button', { name: /열기/ }).click();
    await page.getByText(said).waitFor();
    assert.equal(await page.locator('video').count(), 0);
    assert.ok(await page.getByLabel(/암호/).isEnabled());
  }
});

test('a file that was cut on its way says so', async () => {
  const file = join(folder, 'cut.html');
  const whole = readFileSync(new URL(bundle()), 'utf8');
  writeFileSync(file, whole.slice(0, whole.indexOf('id="sealed"') + 400));
  const { page } = await opened(pathToFileURL(file).href);
  await page.getByText('파일이 끝까지 오지 않았습니다').waitFor();
});

// Makes the page of a bundle: one file, code and style inside, each named by its hash in the page's policy.
// node bundle/build.mjs [FILE]

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

import { build } from 'vite';

const here = (name) => new URL(name, import.meta.url).pathname;
const out = process.argv[2] ?? here('../../crates/bundle/page/open.html');

const made = await build({
  configFile: false,
  root: here('.'),
  logLevel: 'warn',
  build: {
    write: false,
    target: 'es2022',
    lib: { entry: here('open.ts'), formats: ['iife'], name: 'bundle' },
  },
});
const { code } = [made].flat()[0].output[0];
const style = readFileSync(here('style.css'), 'utf8').trim();
// What would end the element it stands in; the code has none today, and a change must not bring one.
if (/<\/script|<!--/i.test(code) || /<\/style/i.test(style)) throw new Error('the code would end its own element');
const hash = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
const text = code.trim();
const page = readFileSync(here('page.html'), 'utf8')
  .replace('sha256-SCRIPT', () => hash(text))
  .replace('sha256-STYLE', () => hash(style))
  .replace('STYLES', () => style)
  .replace('CODE', () => text);
writeFileSync(out, `${page}<!--sealed-->\n`);
console.log(`${out}: ${page.length} characters`);

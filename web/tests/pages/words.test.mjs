// Every word that a ledger can hold has a name in both languages on the page.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = read('web/src/lib/words.ts');

/** The words of a table of the page, each with two names in it. */
function named(table) {
  const body = new RegExp(`const ${table}: [^=]+= \\{([\\s\\S]*?)\\n\\};`).exec(page)?.[1];
  assert.ok(body, `there is a table ${table}`);
  const rows = body.matchAll(/^ {2}'?([a-z.-]+)'?: \[\s*(['"])(.+?)\2,\s*(['"])(.+?)\4,?\s*\]/gm);
  return new Map([...rows].map(([, word, , ko, , en]) => [word, [ko, en]]));
}

function holdsAll(table, words) {
  const names = named(table);
  assert.ok(words.length > 5, `words were found for ${table}`);
  for (const word of words) {
    const [ko, en] = names.get(word) ?? [];
    assert.match(ko ?? '', /[가-힣]/, `${word} has a Korean name in ${table}`);
    assert.match(en ?? '', /[A-Za-z]/, `${word} has an English name in ${table}`);
  }
}

test('every action has a name in both languages', () => {
  const lines = read('crates/domain/src/act.rs').matchAll(/^ {4}[A-Z]\w+ = "([a-z.-]+)", (?:Full|Refusals);$/gm);
  const actions = [...lines].map(([, word]) => word).filter((word) => word.includes('.'));
  assert.ok(actions.includes('footage.destroy-early'));
  holdsAll('ACTIONS', actions);
});

test('every kind of entry has a name in both languages', () => {
  const kinds = [...read('crates/jikim/src/ledger_view.rs').matchAll(/\("([a-z-]+)", (?:None|Some)/g)];
  holdsAll('KINDS', kinds.map(([, word]) => word));
});

test('every refusal has a name in both languages', () => {
  const rules = read('crates/rules/src/decide.rs');
  const words = [...rules.matchAll(/Self::\w+ => "([a-z-]+)"/g)];
  holdsAll('REFUSAL_REASONS', words.map(([, word]) => word));
});

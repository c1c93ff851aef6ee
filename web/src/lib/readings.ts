// What was read of a published policy, as the page shows it.

import { say } from './language.svelte';
import type { Tone } from './tones';
import type { ReadingField, ReadingFieldState, ReadingFinding, ReadingSeverity } from './wire';

/** Bytes of the longest text that the recorder takes. */
export const MOST_BYTES = 512 * 1024;

const SEVERITIES: Record<ReadingSeverity, [string, string]> = {
  error: ['오류', 'Error'],
  warning: ['주의', 'Warning'],
  style: ['문체', 'Style'],
};
export const severityName = (word: ReadingSeverity) => say(...SEVERITIES[word]);
export const severityTone = (word: ReadingSeverity): Tone =>
  word === 'error' ? 'bad' : word === 'warning' ? 'warn' : 'plain';

const STATES: Record<ReadingFieldState, [string, string]> = {
  read: ['읽음', 'Read'],
  assumed: ['추정', 'Assumed'],
  asked: ['물음', 'Asked'],
};
export const stateName = (word: ReadingFieldState) => say(...STATES[word]);

const WEIGHT: Record<ReadingSeverity, number> = { error: 0, warning: 1, style: 2 };

/** The worst first, then in the order of the text. */
export const worstFirst = (findings: ReadingFinding[]) =>
  findings.toSorted((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || a.line - b.line);

export const countOf = (findings: ReadingFinding[], severity: ReadingSeverity) =>
  findings.filter((finding) => finding.severity === severity).length;

/** The worst that is said of each line. */
export function byLine(findings: ReadingFinding[]): Map<number, ReadingSeverity> {
  const worst = new Map<number, ReadingSeverity>();
  for (const finding of worstFirst(findings)) if (!worst.has(finding.line)) worst.set(finding.line, finding.severity);
  return worst;
}

/** Fields of one state, with those that belong to the same thing together. */
export function grouped(fields: ReadingField[], state: ReadingFieldState): [string, ReadingField[]][] {
  const groups = new Map<string, ReadingField[]>();
  for (const field of fields.filter((each) => each.state === state)) {
    const name = say(field.of_ko, field.of_en);
    groups.set(name, [...(groups.get(name) ?? []), field]);
  }
  return [...groups];
}

/** A way to save text as a file, without leaving the page. */
export function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/toml' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

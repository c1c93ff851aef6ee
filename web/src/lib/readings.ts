// What was read of a published policy, as the page shows it.

import { api, ApiError } from './api';
import { say } from './language.svelte';
import { base64 } from './picture';
import { bytes as sizeOf } from './time';
import type { Tone } from './tones';
import type { ReadingField, ReadingFieldState, ReadingFinding, ReadingSeverity } from './wire';

/** Bytes of the longest text that the recorder takes. */
export const MOST_BYTES = 512 * 1024;
/** And of the longest file with one: a word processor's has pictures too. */
const MOST_FILE_BYTES = 2 * 1024 * 1024;

const PDF = [0x25, 0x50, 0x44, 0x46];
const OLD_DOCUMENT = [0xd0, 0xcf, 0x11, 0xe0];
const PACKAGE = [0x50, 0x4b, 0x03, 0x04];

const unfit = (ko: string, en: string) => new ApiError('bad-request', ko, en);

/** The text of a chosen file: read here if it is plain UTF-8, else by the recorder. */
export async function textOf(file: File): Promise<string> {
  if (file.size > MOST_FILE_BYTES) throw unfit(`파일이 너무 큽니다(${sizeOf(file.size)}). 2 MB까지 읽습니다. 글을 복사하여 붙이십시오.`, `The file is too large (${sizeOf(file.size)}; at most 2 MB). Copy its text and paste it.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const begins = (head: number[]) => head.every((byte, at) => bytes[at] === byte);
  if (begins(PDF)) throw unfit('PDF 파일은 읽지 않습니다. PDF에서 글을 모두 복사하여 붙이십시오.', 'A PDF is not read. Copy the whole text from it and paste it.');
  if (begins(OLD_DOCUMENT)) throw unfit('옛 형식의 문서(.hwp, .doc)입니다. HWPX로 저장하거나 글을 복사하여 붙이십시오.', 'A document of an old kind (.hwp, .doc). Save it as HWPX, or copy its text and paste it.');
  if (!begins(PACKAGE)) {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      // Another encoding, which the recorder knows.
    }
  }
  const unreadable = unfit('글로 읽을 수 없는 파일입니다. HWPX나 글 파일을 고르거나, 글을 복사하여 붙이십시오.', 'The file cannot be read. Choose an HWPX or a text file, or copy the text and paste it.');
  const read = await api.readPublished({ text: '', file_base64: await base64(file), answers: {} }).catch((error: unknown) => {
    throw error instanceof ApiError && error.code === 'bad-request' ? unreadable : error;
  });
  if (!read.text) throw unreadable;
  return read.text;
}

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
export function save(name: string, text: string, type = 'application/toml'): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

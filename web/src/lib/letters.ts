// The letters that answer a request, as files: the recorder writes them, an officer prints them.

import { say } from './language.svelte';
import type { LetterFormat, LetterKind } from './wire';

type Pair = readonly [ko: string, en: string];

/** As `LONGEST_NUMBER` and `LONGEST_PLACE` of crates/rights. */
export const LONGEST_NUMBER = 50;
export const LONGEST_PLACE = 100;
/** How far ahead a viewing may lie. */
export const LATEST_APPOINTMENT_DAYS = 30;

const KINDS: Record<LetterKind, Pair> = {
  receipt: ['접수증', 'Receipt'],
  existence: ['존재확인 결과 통지서', 'Answer on existence'],
  viewing: ['열람 통지서', 'Viewing notice'],
  partial: ['일부 거절·일부열람 통지서', 'Notice of what is refused in part'],
  postponed: ['연기 통지서', 'Notice of postponement'],
  refused: ['거절 통지서', 'Notice of refusal'],
  absent: ['부존재(남은 영상 없음) 통지서', 'Notice that nothing is kept'],
  objection: ['이의신청 결과·기한 연장 통지서', 'Result of an objection'],
  destroyed: ['삭제 결과 통지서', 'Notice that it is deleted'],
};

const FORMATS: Record<LetterFormat, Pair> = {
  pdf: ['PDF', 'PDF'],
  hwpx: ['HWPX', 'HWPX'],
  html: ['인쇄용 HTML', 'HTML for printing'],
  json: ['JSON', 'JSON'],
};

/** Forms for people, the handiest first. */
export const FORMATS_FOR_PEOPLE: LetterFormat[] = ['pdf', 'hwpx', 'html'];

export const letterName = (kind: LetterKind) => say(...KINDS[kind]);
export const formatName = (format: LetterFormat) => say(...FORMATS[format]);

/** Saves a file without leaving the page. */
export function saveFile(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

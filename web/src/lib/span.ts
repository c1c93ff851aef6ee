// A stretch of footage that is named to be held or destroyed: whole minutes of a few cameras.

import { say } from './language.svelte';
import { day, duration, millis, minute, momentOf } from './time';
import type { Camera, Timeline } from './wire';

export const MOST_CAMERAS = 9;
const MINUTE_MS = 60_000;
const LONGEST_MS = 4 * 3_600_000;

export type Span = { fromMs: number; toMs: number };

/** Ten minutes around a moment, as far as they have passed. */
export function around(ms: number): Span {
  const at = Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  const now = Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.min(at + 5 * MINUTE_MS, Math.max(now, at + MINUTE_MS));
  return { fromMs: at - 5 * MINUTE_MS, toMs };
}

/** What two fields say, or null if that cannot be. */
export function readSpan(from: string, to: string): Span | null {
  const [fromMs, toMs] = [momentOf(from), momentOf(to)];
  if (fromMs === null || toMs === null || toMs <= fromMs || toMs - fromMs > LONGEST_MS) return null;
  return { fromMs, toMs };
}

/** `2026-11-22 19:05 – 19:15`, with the second day where it is another. */
export function spanText(fromMs: number, toMs: number): string {
  const end = day(fromMs) === day(toMs) ? minute(toMs) : `${day(toMs)} ${minute(toMs)}`;
  return `${day(fromMs)} ${minute(fromMs)} – ${end}`;
}

/** What is to be said below the two fields. */
export function spanNote(from: string, to: string): { fits: boolean; text: string } {
  const [fromMs, toMs] = [momentOf(from), momentOf(to)];
  if (fromMs === null || toMs === null) return { fits: false, text: say('시작과 끝을 쓰십시오.', 'Write its beginning and its end.') };
  if (toMs <= fromMs) return { fits: false, text: say('끝이 시작보다 늦어야 합니다.', 'It must end after it begins.') };
  if (toMs - fromMs > LONGEST_MS) {
    return { fits: false, text: say('한 번에 4시간까지 고를 수 있습니다. 더 길면 나누어 하십시오.', 'At most 4 hours at a time. Do it in parts if it is longer.') };
  }
  return { fits: true, text: `${spanText(fromMs, toMs)} · ${duration((toMs - fromMs) / 1000)}` };
}

/** How much of a span is there to be seen. */
export type Coverage = 'whole' | 'part' | 'gone' | 'none';

/** Footage begins and ends in the middle of a second: so much may be missing of the whole. */
const SLACK_MS = 2000;

export function coverage(timeline: Timeline, { fromMs, toMs }: Span): Coverage {
  const within = (playable: boolean) =>
    timeline.spans
      .filter((span) => span.playable === playable)
      .reduce((sum, span) => sum + Math.max(0, Math.min(millis(span.to), toMs) - Math.max(millis(span.from), fromMs)), 0);
  const there = within(true);
  if (there >= toMs - fromMs - SLACK_MS) return 'whole';
  if (there > 0) return 'part';
  return within(false) > 0 ? 'gone' : 'none';
}

const COVERAGES: Record<Coverage, readonly [string, string]> = {
  whole: ['영상 있음', 'footage is there'],
  part: ['일부만 있음', 'only part of it is there'],
  gone: ['이미 파기됨', 'destroyed already'],
  none: ['영상 없음', 'nothing is there'],
};

export const coverageName = (word: Coverage) => say(...COVERAGES[word]);

/** Since when the time of all of a span is over for a camera, in words; null while some of it may be kept. */
export function timeOver({ retention_max_s }: Pick<Camera, 'retention_max_s'>, { toMs }: Span): string | null {
  const overMs = toMs + retention_max_s * 1000;
  if (overMs > Date.now()) return null;
  const at = `${day(overMs)} ${minute(overMs)}`;
  return say(`남은 영상 없음: 보관 기간이 ${at}에 끝남`, `nothing is kept: its time was over at ${at}`);
}

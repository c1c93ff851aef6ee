// What a hold is, and how long it has still to go, in words.

import { say } from './language.svelte';
import { clock, day, dayAndClock, duration, endOfDay, millis, startOfDay } from './time';
import type { Tone } from './tones';
import type { Hold, NamedCamera } from './wire';

const DAY_MS = 86_400_000;
/** How far ahead the end of a hold may lie. */
export const LONGEST_DAYS = 90;
/** From here on the page warns; from `LAST_DAYS` on it warns loudly. */
const NEAR_DAYS = 14;
const LAST_DAYS = 3;

/** What a hold does, in one sentence that holds nothing back. */
export const holdEffect = () =>
  say(
    '사건에 필요한 영상을 보관 기간이 지나도 정한 날까지 파기하지 않습니다. 연장하지 않으면 그날 저절로 끝나고, 보관 기간이 지난 영상은 그때 파기됩니다.',
    'Footage that a case needs is not destroyed before a day that you set, even when its time is over. Unless it is renewed the hold ends by itself on that day, and what was kept for it alone is destroyed then.',
  );

/** The end of a hold that lasts through a day, never later than it may be. */
export const endOn = (dayText: string) => endOfDay(dayText);
/** The last day through which a hold can last from now. */
export const lastDay = () => day(startOfDay(day(Date.now() + LONGEST_DAYS * DAY_MS)) - 1);
/** A day so many days ahead. */
export const dayAhead = (days: number) => {
  const text = day(Date.now() + days * DAY_MS);
  return text < lastDay() ? text : lastDay();
};

/** `2026-12-22`, or with the time of day if it does not end with a day. */
export function untilText(ms: number): string {
  const text = clock(ms) === '00:00:00' ? day(ms - 1) : dayAndClock(ms);
  return say(`${text}까지`, `until ${text}`);
}

/** `30일 남음`; less than two days in hours. */
export function leftText(ms: number, nowMs: number): string {
  const left = ms - nowMs;
  if (left <= 0) return say('끝남', 'over');
  if (left < 2 * DAY_MS) {
    const text = duration(Math.floor(left / 60_000) * 60);
    return say(`${text} 남음`, `${text} left`);
  }
  const days = Math.floor(left / DAY_MS);
  return say(`${days}일 남음`, `${days} days left`);
}

/** How near the end of an active hold is. */
export function nearness(hold: Hold, nowMs: number): 'far' | 'near' | 'last' {
  const days = (millis(hold.until) - nowMs) / DAY_MS;
  if (days > NEAR_DAYS) return 'far';
  return days > LAST_DAYS ? 'near' : 'last';
}

export const NEARNESS_TONES: Record<ReturnType<typeof nearness>, Tone> = { far: 'ok', near: 'warn', last: 'bad' };

export const cameraNames = (cameras: NamedCamera[]) => cameras.map((camera) => camera.name || camera.id).join(', ');

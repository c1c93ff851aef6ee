// Times and amounts as a person reads them. Wall times on the page are those of the person's own
// clock zone; the wire has UTC.

import { say } from './language.svelte';

const two = (value: number) => String(value).padStart(2, '0');

export const millis = (time: string) => Date.parse(time);
export const rfc3339 = (ms: number) => new Date(ms).toISOString();

/** `2026-11-22`, also what a date field takes. */
export function day(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** `08:19:49`. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `08:19`. */
export const minute = (ms: number) => clock(ms).slice(0, 5);

export const dayAndClock = (ms: number) => `${day(ms)} ${clock(ms)}`;

/** `2026-11-22T08:19`, as a field of day and minute takes it. */
export const dayAndMinute = (ms: number) => `${day(ms)}T${minute(ms)}`;

/** The moment that such a field says; null while it is not filled. */
export function momentOf(text: string): number | null {
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? new Date(text).getTime() : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** Says in whose time a page speaks: a machine that keeps UTC would mislead whoever reads it. */
export function zoneNote(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return say(`시각은 ${zone} 기준입니다.`, `Times are in ${zone}.`);
}

/** Midnight at the beginning of a day written `2026-11-22`. */
export function startOfDay(text: string): number {
  const [year = 1970, month = 1, date = 1] = text.split('-').map(Number);
  return new Date(year, month - 1, date).getTime();
}

/** The midnight after: a day is not always 24 hours long. */
export function endOfDay(text: string): number {
  const [year = 1970, month = 1, date = 1] = text.split('-').map(Number);
  return new Date(year, month - 1, date + 1).getTime();
}

export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const parts: [number, string, string][] = [
    [Math.floor(s / 86_400), '일', 'd'],
    [Math.floor((s % 86_400) / 3600), '시간', 'h'],
    [Math.floor((s % 3600) / 60), '분', 'min'],
    [s % 60, '초', 's'],
  ];
  const shown = parts.filter(([count]) => count > 0).slice(0, 2);
  if (shown.length === 0) return say('0초', '0 s');
  return shown.map(([count, ko, en]) => say(`${count}${ko}`, `${count} ${en}`)).join(' ');
}

/** `30일로`, `12시간으로`: the Korean particle follows the sound of the unit. For Korean text only. */
export function durationTo(seconds: number): string {
  const text = duration(seconds);
  return text + (/(시간|분)$/.test(text) ? '으로' : '로');
}

export const ago = (seconds: number) =>
  say(`${duration(seconds)} 전`, `${duration(seconds)} ago`);

export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export const megabits = (bps: number) => `${(bps / 1e6).toFixed(1)} Mbit/s`;

export const whole = (count: number) => count.toLocaleString('en-US');

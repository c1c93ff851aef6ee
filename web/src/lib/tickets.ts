// Maintenance tickets as the pages show them.

import { say } from './language.svelte';
import { clock, day, dayAndClock, duration, millis, minute } from './time';
import type { Ticket, TicketVisit } from './wire';

/** As `LONGEST_TICKET` and `TICKET_AHEAD` of crates/rules. */
export const LONGEST_MS = 12 * 3_600_000;
export const AHEAD_MS = 7 * 86_400_000;

export const entryOf = (ticket: Ticket) => `${ticket.year}/${ticket.number}`;

/** `2026-11-23 09:00–13:00`, with the second day where it is another. */
export function timeText(ticket: Ticket): string {
  const [from, until] = [millis(ticket.from), millis(ticket.until)];
  const end = day(from) === day(until) ? minute(until) : `${day(until)} ${minute(until)}`;
  return `${day(from)} ${minute(from)}–${end}`;
}

/** What it is about. */
export const aboutText = (ticket: Ticket) =>
  ticket.cameras.length === 0 ? say('녹화기 전체', 'The recorder as a whole') : ticket.cameras.map(({ name }) => name).join(', ');

export function leftText(ticket: Ticket, nowMs: number): string {
  const left = Math.max(0, millis(ticket.until) - nowMs) / 1000;
  const begins = Math.max(0, millis(ticket.from) - nowMs) / 1000;
  if (ticket.state === 'planned') return say(`${duration(begins)} 뒤 시작`, `begins in ${duration(begins)}`);
  return say(`${duration(left)} 남음`, `${duration(left)} left`);
}

export function visitText({ from, until }: TicketVisit): string {
  const start = dayAndClock(millis(from));
  return until ? `${start}–${clock(millis(until))}` : say(`${start}부터 접속 중`, `${start}, signed in now`);
}

// How much the pictures changed, as the server tells it within an act: a strip for each tile, asked
// anew when the timeline shows another stretch.

import { millis, rfc3339 } from '../lib/time';
import type { FootageCommand, ServerMessage } from '../lib/wire';

const ASK_AFTER_MS = 250;
const MOST_COLUMNS = 600;
/** A column says something from this length on: chunks are up to a second long. */
const SHORTEST_COLUMN_MS = 1000;

export type Strip = { fromMs: number; toMs: number; levels: (number | null)[] };

export class Changes {
  strips = $state.raw<(Strip | null)[]>([]);
  /** How many answers are still to come. */
  awaited = $state(0);

  #number = 0;
  #asked: (number | null)[];
  #timer = 0;
  #wanted: { fromMs: number; toMs: number; columns: number } | null = null;
  #isOpen = false;

  constructor(
    tiles: number,
    private readonly fromMs: number,
    private readonly toMs: number,
    private readonly send: (command: FootageCommand) => void,
  ) {
    this.strips = Array.from({ length: tiles }, () => null);
    this.#asked = Array.from({ length: tiles }, () => null);
  }

  /** The act is open: now it can be asked. */
  opened(): void {
    this.#isOpen = true;
    this.#ask();
  }

  /** A stretch is shown so many pixels wide. */
  show(fromMs: number, toMs: number, pixels: number): void {
    const [from, to] = [Math.max(fromMs, this.fromMs), Math.min(toMs, this.toMs)];
    if (to - from < SHORTEST_COLUMN_MS) return;
    const columns = Math.max(1, Math.min(MOST_COLUMNS, Math.floor(pixels), Math.floor((to - from) / SHORTEST_COLUMN_MS)));
    this.#wanted = { fromMs: from, toMs: to, columns };
    clearTimeout(this.#timer);
    // A window that is being dragged or zoomed is asked for when it rests.
    this.#timer = window.setTimeout(() => this.#ask(), ASK_AFTER_MS);
  }

  take(message: Extract<ServerMessage, { type: 'changes' }>): void {
    if (this.#asked[message.tile] !== message.number) return;
    this.#asked[message.tile] = null;
    this.awaited = this.#asked.filter((number) => number !== null).length;
    const strip = { fromMs: millis(message.from), toMs: millis(message.to), levels: message.levels };
    this.strips = this.strips.map((old, tile) => (tile === message.tile ? strip : old));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #ask(): void {
    const wanted = this.#wanted;
    if (!this.#isOpen || !wanted) return;
    const [from, to] = [rfc3339(wanted.fromMs), rfc3339(wanted.toMs)];
    this.#asked = this.#asked.map((_, tile) => {
      this.#number += 1;
      this.send({ type: 'changes', number: this.#number, tile, from, to, columns: wanted.columns });
      return this.#number;
    });
    this.awaited = this.#asked.length;
  }
}

// Recorded footage: one socket, one act, up to 9 tiles in step.
//
// One clock (`wallMs`) leads; each tile follows it. Where a tile has a gap it shows why and waits;
// where a tile should have a picture and it has not come yet, all wait; where every tile has a gap,
// the clock jumps to the first picture after it.

import { say } from '../lib/language.svelte';
import { socketAddress } from '../lib/api';
import { millis, rfc3339 } from '../lib/time';
import { closeReasonName } from '../lib/words';
import type { FootageCommand, FootageOpen, GapCause, Purpose, ServerMessage } from '../lib/wire';
import { readMedia, readText } from './message';
import { TilePlayer, type TileProblem } from './tile';

const TICK_MS = 100;
const REPORT_EVERY_MS = 1000;
/** A video element that seeks longer than this is stuck, and is set to its place once more. */
const STUCK_AFTER_MS = 2000;
const KEEP_BEHIND_S = 40;
/** A tile further from the clock than this is set to it; nearer, it is nudged. */
const OUT_OF_STEP_S = 0.4;
const NUDGE_BEYOND_S = 0.08;
/** A hole shorter than this is waited through, not announced. */
const HOLE_S = 1.5;

type Gap = { fromMs: number; toMs: number | null; cause: GapCause | null };

/** What a tile shows beside its picture. */
export type FootageTile = {
  shownMs: number | null;
  gap: { cause: GapCause | null } | null;
  ended: boolean;
  problem: TileProblem | null;
};

/** What a tile has at the clock's instant. */
type Standing = 'picture' | 'gap' | 'missing' | 'over' | 'unplayable';

export class FootagePlayer {
  tiles = $state<FootageTile[]>([]);
  status = $state<'opening' | 'open' | 'over'>('opening');
  notice = $state<string | null>(null);
  playing = $state(true);
  waiting = $state(true);
  rate = $state(1);
  wallMs = $state(0);
  ledgerEntry = $state<string | null>(null);
  finished = $state(false);

  readonly fromMs: number;
  readonly toMs: number;

  #videos: (HTMLVideoElement | null)[] = [];
  #players: (TilePlayer | null)[] = [];
  #gaps: Gap[][];
  #socket: WebSocket;
  #seeks = 0;
  #awaiting: number | null = null;
  /** Where to go after the answer: while one seek is under way, only the latest wish counts. */
  #wished: number | null = null;
  #tickAt = performance.now();
  /** Since when each tile's element has been seeking, if it is. */
  #seekingSince: (number | null)[] = [];
  #timers: number[] = [];
  #closed = false;

  constructor(
    readonly cameras: readonly string[],
    from: string,
    to: string,
    readonly purpose: Purpose,
    start: string,
  ) {
    this.fromMs = millis(from);
    this.toMs = millis(to);
    this.wallMs = millis(start);
    this.tiles = cameras.map(() => ({ shownMs: null, gap: null, ended: false, problem: null }));
    this.#gaps = cameras.map(() => []);
    this.#socket = this.#connect({ cameras: [...cameras], from, to, purpose, start });
    this.#timers = [
      window.setInterval(() => this.#tick(), TICK_MS),
      window.setInterval(() => this.#report(), REPORT_EVERY_MS),
    ];
  }

  attach(tile: number, video: HTMLVideoElement | null): void {
    this.#players[tile]?.destroy();
    this.#videos[tile] = video;
    this.#players[tile] = video ? new TilePlayer(video, this.fromMs, KEEP_BEHIND_S, () => this.#lost()) : null;
  }

  togglePlaying(): void {
    if (this.finished) return this.seek(this.fromMs);
    this.playing = !this.playing;
  }

  setRate(rate: number): void {
    this.rate = rate;
  }

  /** Goes to an instant: within what is buffered at once, else by asking the server. */
  seek(toMs: number): void {
    const target = Math.min(Math.max(toMs, this.fromMs), this.toMs - 1000);
    // Whoever goes back from the end wants to see it.
    if (this.finished) this.playing = true;
    this.finished = false;
    this.wallMs = target;
    const atS = (target - this.fromMs) / 1000;
    const here = this.#players.every(
      (player, tile) => player?.rangeAt(atS) || this.#gapAt(tile, target) || player?.problem,
    );
    if (this.#awaiting !== null) {
      this.#wished = target;
      return;
    }
    if (here) return this.#align();
    this.#ask(target);
  }

  /** Forgets what there is, and asks the server to go on from another instant. */
  #ask(targetMs: number): void {
    this.#seeks += 1;
    this.#awaiting = this.#seeks;
    this.waiting = true;
    this.#forget();
    this.#send({ type: 'seek', to: rfc3339(targetMs), number: this.#seeks });
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#socket.close();
    for (const player of this.#players) player?.destroy();
  }

  #connect(open: FootageOpen): WebSocket {
    const socket = new WebSocket(socketAddress('/footage'));
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => socket.send(JSON.stringify(open)));
    socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
      if (typeof event.data === 'string') this.#hear(readText(event.data));
      else this.#take(event.data);
    });
    socket.addEventListener('close', () => {
      if (this.#closed) return;
      this.status = 'over';
      this.playing = false;
      this.notice ??= say(
        '녹화기와 연결이 끊겼습니다. 다시 재생하십시오.',
        'The connection to the recorder was lost. Play again.',
      );
    });
    return socket;
  }

  #send(command: FootageCommand): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(command));
  }

  #hear(message: ServerMessage | null): void {
    if (message?.type === 'sought') {
      if (message.number === this.#awaiting) this.#arrive();
      return;
    }
    switch (message?.type) {
      case 'opened':
        this.status = 'open';
        this.ledgerEntry = message.ledger_entry;
        break;
      case 'error':
        this.notice = say(message.message_ko, message.message_en);
        break;
      case 'closed':
        if (message.reason !== 'ended') this.notice ??= closeReasonName(message.reason);
        break;
      default:
        // What is still on its way from before a seek belongs to the old place.
        if (message && this.#awaiting === null) this.#hearOfTile(message);
    }
  }

  #arrive(): void {
    this.#awaiting = null;
    const wished = this.#wished;
    this.#wished = null;
    // Asked for even where something seems to be there: what was forgotten may not be gone yet.
    if (wished !== null) this.#ask(wished);
  }

  /** A decoder was made anew, and what was sent ahead is gone with the old one. */
  #lost(): void {
    if (this.status === 'open' && this.#awaiting === null) this.#ask(this.wallMs);
  }

  #hearOfTile(message: ServerMessage): void {
    if (message.type === 'tile') {
      const player = this.#players[message.tile];
      player?.begin(message.mime, millis(message.wall_start), message.media_start_s);
    } else if (message.type === 'gap') {
      this.#gaps[message.tile]?.push({
        fromMs: millis(message.from),
        toMs: message.to ? millis(message.to) : null,
        cause: message.cause ?? null,
      });
    } else if (message.type === 'end') {
      const tile = this.tiles[message.tile];
      if (tile) tile.ended = true;
    }
  }

  #take(data: ArrayBuffer): void {
    const media = this.#awaiting === null ? readMedia(data) : null;
    const player = media && this.#players[media.tile];
    if (!media || !player) return;
    if (media.kind === 'init') player.init(media.bytes);
    else player.fragment(media.bytes);
  }

  #forget(): void {
    this.#gaps = this.cameras.map(() => []);
    for (const tile of this.tiles) tile.ended = false;
    for (const player of this.#players) player?.clear();
  }

  #gapAt(tile: number, wallMs: number, slackMs = 50): Gap | undefined {
    return this.#gaps[tile]?.find(
      (gap) => gap.fromMs <= wallMs + slackMs && (gap.toMs === null || wallMs < gap.toMs),
    );
  }

  #standing(tile: number): Standing {
    const player = this.#players[tile];
    if (!player || player.problem) return 'unplayable';
    const atS = (this.wallMs - this.fromMs) / 1000;
    const range = player.rangeAt(atS);
    if (range && range.endS - atS > 0.15) return 'picture';
    // The last frame may end a little before its gap begins: waiting there would be for ever.
    if (this.#gapAt(tile, this.wallMs, range ? 50 : HOLE_S * 1000)) return 'gap';
    const nextS = player.nextStartS(atS);
    if (nextS !== null) return nextS - atS > HOLE_S ? 'gap' : 'picture';
    if (this.tiles[tile]?.ended) return 'over';
    return range ? 'picture' : 'missing';
  }

  #tick(): void {
    const now = performance.now();
    const passedMs = Math.min(now - this.#tickAt, 1000);
    this.#tickAt = now;
    const standings = this.cameras.map((_, tile) => this.#standing(tile));
    this.waiting = this.#awaiting !== null || standings.includes('missing');
    const moving = this.playing && !this.waiting && this.status === 'open' && !this.finished;
    if (moving) this.wallMs = Math.min(this.wallMs + passedMs * this.rate, this.toMs);
    if (moving && !standings.includes('picture')) this.#leap(standings);
    if (moving && this.wallMs >= this.toMs) this.#finish();
    this.#align();
    this.#show(standings);
  }

  /** Nothing to see anywhere: goes to the first picture after, or to the end. */
  #leap(standings: Standing[]): void {
    if (standings.every((standing) => standing === 'over' || standing === 'unplayable')) {
      return this.#finish();
    }
    const atS = (this.wallMs - this.fromMs) / 1000;
    const starts = this.#players.flatMap((player) => player?.nextStartS(atS) ?? []);
    const ends = standings.flatMap((standing, tile) =>
      standing === 'gap' ? (this.#gapAt(tile, this.wallMs, HOLE_S * 1000)?.toMs ?? []) : [],
    );
    const next = Math.min(...starts.map((s) => this.fromMs + s * 1000), ...ends);
    if (Number.isFinite(next)) this.wallMs = Math.min(next, this.toMs);
  }

  #finish(): void {
    this.finished = true;
    this.playing = false;
  }

  /** Sets or nudges every tile to the clock. */
  #align(): void {
    const atS = (this.wallMs - this.fromMs) / 1000;
    const moving = this.playing && !this.waiting && !this.finished;
    for (const [tile, player] of this.#players.entries()) {
      if (!player) continue;
      const { video } = player;
      const stuck = this.#isStuck(tile, video);
      const offS = video.currentTime - atS;
      const here = player.rangeAt(atS);
      // Never into a hole: the element would wait there for frames that never come. And a seek
      // that is under way is let finish, unless its target has meanwhile become a hole.
      const busy = video.seeking && !stuck && player.rangeAt(video.currentTime) !== null;
      if (here && !busy && (stuck || Math.abs(offS) > (moving ? OUT_OF_STEP_S : 0.05))) {
        video.currentTime = atS;
      }
      const nudge = Math.abs(offS) > NUDGE_BEYOND_S ? (offS > 0 ? 0.95 : 1.05) : 1;
      video.playbackRate = this.rate * nudge;
      if (moving && here) {
        if (video.paused) void video.play().catch(() => undefined);
      } else if (!video.paused) {
        video.pause();
      }
    }
  }

  /** Whether an element has been seeking for too long; it then gets as long again. */
  #isStuck(tile: number, video: HTMLVideoElement): boolean {
    const now = performance.now();
    if (!video.seeking) this.#seekingSince[tile] = null;
    const since = video.seeking ? (this.#seekingSince[tile] ??= now) : now;
    const stuck = now - since > STUCK_AFTER_MS;
    if (stuck) this.#seekingSince[tile] = now;
    return stuck;
  }

  #show(standings: Standing[]): void {
    standings.forEach((standing, tile) => {
      const view = this.tiles[tile];
      const player = this.#players[tile];
      if (!view) return;
      view.problem = player?.problem ?? null;
      view.gap = standing === 'gap' ? { cause: this.#gapAt(tile, this.wallMs)?.cause ?? null } : null;
      view.shownMs = standing === 'picture' ? (player?.shownMs() ?? null) : null;
    });
  }

  #report(): void {
    if (this.status === 'open' && this.#awaiting === null) {
      this.#send({ type: 'position', at: rfc3339(this.wallMs) });
    }
  }
}

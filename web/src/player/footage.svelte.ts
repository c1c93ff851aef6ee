// Recorded footage: one socket, one act, up to 9 tiles in step.
//
// One clock (`wallMs`) leads; each tile follows it. Where a tile has a gap it shows why and waits;
// where a tile should have a picture and it has not come yet, all wait; where every tile has a gap,
// the clock jumps to the first picture after it.
//
// Speed and direction are the page's; what is sent for them (every frame or keyframes, forwards or
// backwards) is the server's, and is asked for with a seek whenever it must be another. Backwards
// and frame by frame every picture is sought in what is buffered.

import { say } from '../lib/language.svelte';
import { socketAddress } from '../lib/api';
import { millis, rfc3339 } from '../lib/time';
import { closeReasonName } from '../lib/words';
import type { FootageCommand, FootageOpen, GapCause, Purpose, ServerMessage } from '../lib/wire';
import { frameBeside } from './beside';
import { Changes } from './changes.svelte';
import { Gaps } from './gaps';
import { readMedia, readText } from './message';
import { modeFor, serves, TRUE_MODE, type Mode } from './mode';
import { Strain } from './strain';
import { Stuck } from './stuck';
import { TilePlayer, type TileProblem } from './tile';

const TICK_MS = 100;
/** Backwards the tick shows the pictures. */
const TICK_BACKWARDS_MS = 33;
const FASTEST = 16;
/** So near to now footage cannot be played faster than it is filmed. */
const EDGE_MS = 10_000;
const REPORT_EVERY_MS = 1000;
const KEEP_BEHIND_S = 40;
/** A tile further from the clock than this is set to it; nearer, it is nudged. */
const OUT_OF_STEP_S = 0.4;
const NUDGE_BEYOND_S = 0.08;
/** A hole shorter than this is waited through, not announced. */
const HOLE_S = 1.5;

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
  backwards = $state(false);
  /** The server said that only keyframes come. */
  keyframesOnly = $state(false);
  /** Why, if not for the speed: the browser did not keep up. */
  tooMuch = $state(false);
  /** The beginning was reached backwards. */
  atBeginning = $state(false);
  /** A frame that is stepped to has not come yet. */
  stepping = $state(false);
  /** The clock stands at a frame: its fraction of a second counts. */
  atFrame = $state(false);
  wallMs = $state(0);
  ledgerEntry = $state<string | null>(null);
  finished = $state(false);

  readonly fromMs: number;
  readonly toMs: number;

  #videos: (HTMLVideoElement | null)[] = [];
  #players: (TilePlayer | null)[] = [];
  #gaps: Gaps;
  #socket: WebSocket;
  #seeks = 0;
  #awaiting: number | null = null;
  /** Where to go after the answer: while one seek is under way, only the latest wish counts. */
  #wished: number | null = null;
  #tickAt = performance.now();
  #stuck = new Stuck();
  #timers: number[] = [];
  #closed = false;
  #mode = TRUE_MODE;
  #strain = new Strain();
  #step: { by: 1 | -1; fromMs: number } | null = null;
  readonly changes: Changes;

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
    this.#gaps = new Gaps(cameras.length);
    this.changes = new Changes(cameras.length, this.fromMs, this.toMs, (command) => this.#send(command));
    this.#socket = this.#connect({ cameras: [...cameras], from, to, purpose, start });
    this.#timers = [
      window.setInterval(() => this.#tick(), TICK_MS),
      window.setInterval(() => this.backwards && this.playing && this.#tick(), TICK_BACKWARDS_MS),
      window.setInterval(() => this.#report(), REPORT_EVERY_MS),
    ];
  }

  attach(tile: number, video: HTMLVideoElement | null): void {
    this.#players[tile]?.destroy();
    this.#videos[tile] = video;
    const came = () => (this.waiting || this.stepping) && this.#tick();
    this.#players[tile] = video ? new TilePlayer(video, this.fromMs, KEEP_BEHIND_S, () => this.#lost(), came) : null;
  }

  togglePlaying(): void {
    if (this.finished) return this.seek(this.fromMs);
    this.#set({ playing: !this.playing });
  }

  setRate(rate: number): void {
    this.#set({ rate });
  }

  setBackwards(backwards: boolean): void {
    this.#set({ backwards, playing: true });
  }

  /** Changes how it is played; asks the server where something else must be sent for it. */
  #set(change: { rate?: number; backwards?: boolean; playing?: boolean }): void {
    const { rate = this.rate, backwards = this.backwards, playing = this.playing } = change;
    if (rate !== this.rate || backwards !== this.backwards) {
      this.tooMuch = false;
      this.#strain.reset();
    }
    if (backwards || playing) this.finished = false;
    Object.assign(this, { rate, backwards, playing });
    if (!playing) return;
    [this.atBeginning, this.atFrame] = [false, false];
    this.#endStep();
    this.#adapt();
  }

  /** Speed, direction and measured strain, as the server is to know them. */
  #wanted = (): Mode => modeFor(this.rate, this.backwards, this.tooMuch);

  #adapt(): void {
    for (const player of this.#players) if (player) player.backwards = this.backwards;
    if (this.status === 'open' && !serves(this.#mode, this.#wanted())) this.#ask(this.wallMs);
  }

  /** The next or the last frame, and pauses there. Where it has not come yet, it is waited for. */
  step(by: 1 | -1): void {
    if (this.status !== 'open' || this.#step) return;
    [this.playing, this.finished, this.atBeginning] = [false, false, false];
    this.#step = { by, fromMs: this.wallMs };
    this.stepping = true;
    this.#trySteps();
  }

  #endStep(): void {
    this.#step = null;
    this.stepping = false;
  }

  #trySteps(): void {
    const step = this.#step;
    if (!step || this.#awaiting !== null) return;
    const fromS = (step.fromMs - this.fromMs) / 1000;
    if (!this.#mode.keyframesOnly) {
      const found = frameBeside(this.#players, this.#gaps, fromS, step.by);
      if (found !== null) {
        this.wallMs = this.fromMs + found * 1000 + 0.5;
        this.atFrame = true;
        this.#endStep();
        return this.#align();
      }
      if (this.#mode.percent < 0 === step.by < 0) return this.#stepOver(step, fromS);
    }
    this.#ask(step.fromMs, { percent: step.by * 100, keyframesOnly: false });
  }

  /** The frame that is stepped to is not there: leaps over a gap, or gives up where nothing follows. */
  #stepOver(step: { by: 1 | -1; fromMs: number }, fromS: number): void {
    const standings = this.cameras.map((_, tile) => {
      const range = this.#players[tile]?.rangeAt(fromS);
      const edgeS = step.by > 0 ? range?.endS : range?.startS;
      // The last frame may stand long before its gap begins.
      const probeMs = edgeS === undefined ? step.fromMs : this.fromMs + edgeS * 1000 - step.by;
      return this.#standing(tile, step.by < 0, Math.abs(probeMs - step.fromMs) < 1000 ? probeMs : step.fromMs);
    });
    if (standings.some((standing) => standing === 'picture' || standing === 'missing')) return;
    if (standings.every((standing) => standing !== 'gap')) return this.#endStep();
    if (step.by > 0) this.#leap(standings);
    else this.#leapBack(standings);
    step.fromMs = this.wallMs - step.by;
    this.#report();
  }

  /** Goes to an instant: within what is buffered at once, else by asking the server. */
  seek(toMs: number): void {
    const target = Math.min(Math.max(toMs, this.fromMs), this.toMs - 1000);
    this.#endStep();
    [this.atBeginning, this.atFrame] = [false, false];
    // Whoever goes back from the end wants to see it.
    if (this.finished) this.playing = true;
    this.finished = false;
    this.wallMs = target;
    const atS = (target - this.fromMs) / 1000;
    const here = this.#players.every(
      (player, tile) => player?.rangeAt(atS) || this.#gaps.at(tile, target) || player?.problem,
    );
    if (this.#awaiting !== null) {
      this.#wished = target;
      return;
    }
    if (here) return this.#align();
    this.#ask(target);
  }

  /** Forgets what there is, and asks the server to go on from another instant. */
  #ask(targetMs: number, mode: Mode = this.#wanted()): void {
    if (this.#awaiting !== null) {
      this.#wished = targetMs;
      return;
    }
    this.#seeks += 1;
    this.#awaiting = this.#seeks;
    this.#mode = mode;
    this.waiting = true;
    this.#strain.reset();
    this.#forget();
    for (const player of this.#players) if (player) player.backwards = mode.percent < 0;
    const { percent: speed_percent, keyframesOnly: keyframes_only } = mode;
    this.#send({ type: 'seek', to: rfc3339(targetMs), number: this.#seeks, speed_percent, keyframes_only });
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.changes.close();
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
      if (message.number !== this.#awaiting) return;
      this.keyframesOnly = message.keyframes_only;
      return this.#arrive();
    }
    if (message?.type === 'changes') return this.changes.take(message);
    switch (message?.type) {
      case 'opened':
        this.status = 'open';
        this.ledgerEntry = message.ledger_entry;
        // What was wished for while it opened.
        this.#adapt();
        this.changes.opened();
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
      this.#gaps.add(message.tile, {
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
    this.#gaps.clear();
    for (const tile of this.tiles) tile.ended = false;
    for (const player of this.#players) player?.clear();
  }

  #standing(tile: number, backwards = this.backwards, wallMs = this.wallMs): Standing {
    const player = this.#players[tile];
    if (!player || player.problem) return 'unplayable';
    const atS = (wallMs - this.fromMs) / 1000;
    const range = player.rangeAt(atS);
    if (backwards) {
      if (range && atS - range.startS > 0.02) return 'picture';
      if (this.#gaps.at(tile, wallMs - (range ? 60 : 5), 0)) return 'gap';
      const endS = player.previousEndS(atS);
      if (endS !== null) return atS - endS > HOLE_S ? 'gap' : 'picture';
      return this.tiles[tile]?.ended ? 'over' : 'missing';
    }
    if (range && range.endS - atS > 0.15) return 'picture';
    // The last frame may end a little before its gap begins: waiting there would be for ever.
    if (this.#gaps.at(tile, wallMs, range ? 50 : HOLE_S * 1000)) return 'gap';
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
    if (moving) this.#move(passedMs * this.rate, standings);
    this.#trySteps();
    this.#align();
    if (moving) this.#feelStrain();
    const nearEdge = Date.now() - this.wallMs < EDGE_MS;
    if (this.playing && this.waiting && nearEdge && !this.backwards && this.rate > 1) this.setRate(1);
    this.#show(standings);
  }

  #move(byMs: number, standings: Standing[]): void {
    const nothing = !standings.includes('picture');
    if (this.backwards) {
      this.wallMs = Math.max(this.wallMs - byMs, this.fromMs);
      if (nothing) this.#leapBack(standings);
      if (this.wallMs <= this.fromMs) this.#begin();
      return;
    }
    this.wallMs = Math.min(this.wallMs + byMs, this.toMs);
    if (nothing) this.#leap(standings);
    if (this.wallMs >= this.toMs) this.#finish();
  }

  /** Asks for keyframes where every frame is too much for this browser. */
  #feelStrain(): void {
    if (this.#mode.keyframesOnly || (this.rate <= 1 && !this.backwards)) return;
    const videos = this.#videos.filter((video) => video !== null);
    if (!this.#strain.isTooMuch(videos, this.backwards)) return;
    this.tooMuch = true;
    this.#adapt();
  }

  /** Backwards: to the last picture before, or to the beginning. */
  #leapBack(standings: Standing[]): void {
    if (standings.every((standing) => standing === 'over' || standing === 'unplayable')) {
      return this.#begin();
    }
    const atS = (this.wallMs - this.fromMs) / 1000;
    const ends = this.#players.flatMap((player) => player?.previousEndS(atS) ?? []);
    const starts = standings.flatMap((standing, tile) =>
      standing === 'gap' ? (this.#gaps.at(tile, this.wallMs - 60, 0)?.fromMs ?? []) : [],
    );
    const next = Math.max(...ends.map((s) => this.fromMs + s * 1000 - 1), ...starts.map((ms) => ms - 1));
    if (Number.isFinite(next)) this.wallMs = Math.max(next, this.fromMs);
  }

  #begin(): void {
    [this.playing, this.backwards, this.atBeginning] = [false, false, true];
  }

  /** Nothing to see anywhere: goes to the first picture after, or to the end. */
  #leap(standings: Standing[]): void {
    if (standings.every((standing) => standing === 'over' || standing === 'unplayable')) {
      return this.#finish();
    }
    const atS = (this.wallMs - this.fromMs) / 1000;
    const starts = this.#players.flatMap((player) => player?.nextStartS(atS) ?? []);
    const ends = standings.flatMap((standing, tile) =>
      standing === 'gap' ? (this.#gaps.at(tile, this.wallMs, HOLE_S * 1000)?.toMs ?? []) : [],
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
    const running = moving && !this.backwards;
    for (const [tile, player] of this.#players.entries()) {
      if (!player) continue;
      const { video } = player;
      const stuck = this.#stuck.is(tile, video);
      const offS = video.currentTime - atS;
      const here = player.rangeAt(atS);
      // Never into a hole: the element would wait there for frames that never come. And a seek
      // that is under way is let finish, unless its target has meanwhile become a hole.
      const busy = video.seeking && !stuck && player.rangeAt(video.currentTime) !== null;
      const isOff = running
        ? Math.abs(offS) > OUT_OF_STEP_S * Math.max(1, this.rate)
        : !this.#showsFrame(player, video.currentTime, atS);
      if (here && !busy && (stuck || isOff)) {
        video.currentTime = atS;
        this.#strain.shown(tile);
      }
      const nudge = Math.abs(offS) > NUDGE_BEYOND_S * Math.max(1, this.rate) ? (offS > 0 ? 0.95 : 1.05) : 1;
      video.playbackRate = Math.min(this.rate * nudge, FASTEST);
      if (running && here) {
        if (video.paused) void video.play().catch(() => undefined);
      } else if (!video.paused) {
        video.pause();
      }
    }
  }

  /** Whether a picture that stands is the one of an instant. */
  #showsFrame(player: TilePlayer, shownS: number, atS: number): boolean {
    const frame = player.frames.at(atS);
    if (frame === null) return Math.abs(shownS - atS) <= 0.05;
    return player.frames.at(shownS) === frame && Math.abs(shownS - atS) < HOLE_S * 4;
  }

  #show(standings: Standing[]): void {
    standings.forEach((standing, tile) => {
      const view = this.tiles[tile];
      const player = this.#players[tile];
      if (!view) return;
      view.problem = player?.problem ?? null;
      view.gap = standing === 'gap' ? { cause: this.#gaps.at(tile, this.wallMs)?.cause ?? null } : null;
      view.shownMs = standing === 'picture' ? (player?.shownMs() ?? null) : null;
    });
  }

  #report(): void {
    if (this.status === 'open' && this.#awaiting === null) {
      this.#send({ type: 'position', at: rfc3339(this.wallMs) });
    }
  }
}

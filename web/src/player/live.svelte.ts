// A live wall: one socket, one act, up to 25 tiles that chase the live edge.

import { say } from '../lib/language.svelte';
import { socketAddress } from '../lib/api';
import { millis } from '../lib/time';
import { closeReasonName } from '../lib/words';
import type { CameraState, CloseReason, ErrorCode, FeedChoice, GapCause, ServerMessage } from '../lib/wire';
import { readMedia, readText } from './message';
import { TilePlayer, type TileProblem } from './tile';

const CHASE_EVERY_MS = 250;
const JUMP_BEHIND_S = 3;
const HURRY_BEHIND_S = 1.2;
const CALM_BEHIND_S = 0.7;
const LAND_BEHIND_S = 0.4;
const KEEP_BEHIND_S = 8;
const RETRY_AFTER_MS = [500, 1000, 2000, 4000, 8000];

/** Reasons after which the same wall may be asked for again. */
const WORTH_RETRYING: readonly CloseReason[] = [
  'grant-over',
  'too-slow',
  'stopping',
  'failed',
  'ledger-unavailable',
];

/** Refusals that pass by themselves, or when the person unlocks the controls. */
const PASSING: readonly ErrorCode[] = ['locked', 'ledger-unavailable', 'busy', 'storage', 'internal'];

/** What a tile shows beside its picture. */
export type LiveTile = {
  state: CameraState | null;
  gap: GapCause | null;
  ageS: number | null;
  problem: TileProblem | null;
};

export class LiveWall {
  tiles = $state<LiveTile[]>([]);
  status = $state<'opening' | 'open' | 'waiting' | 'over'>('opening');
  notice = $state<string | null>(null);
  paused = $state(false);
  ledgerEntry = $state<string | null>(null);

  #videos: (HTMLVideoElement | null)[] = [];
  #players: (TilePlayer | null)[] = [];
  #socket: WebSocket | null = null;
  #retries = 0;
  #retryTimer = 0;
  #chaseTimer = 0;
  #clockAheadMs = 0;
  #closed = false;
  #lastWord: CloseReason | null = null;

  constructor(
    private readonly cameras: readonly string[],
    private readonly feed: FeedChoice,
  ) {
    this.tiles = cameras.map(() => ({ state: null, gap: null, ageS: null, problem: null }));
    this.#connect();
    this.#chaseTimer = window.setInterval(() => this.#chase(), CHASE_EVERY_MS);
  }

  /** The element of a tile, once the page has it; null when the page takes it away. */
  attach(tile: number, video: HTMLVideoElement | null): void {
    this.#players[tile]?.destroy();
    this.#players[tile] = null;
    this.#videos[tile] = video;
  }

  /** Asks for the same wall again: somebody else is on duty now, so it is another act. */
  reopen(): void {
    this.#socket?.close();
    clearTimeout(this.#retryTimer);
    this.#retries = 0;
    this.#connect();
  }

  togglePause(): void {
    this.paused = !this.paused;
    for (const player of this.#players) {
      if (this.paused) player?.video.pause();
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    clearInterval(this.#chaseTimer);
    this.#socket?.close();
    for (const player of this.#players) player?.destroy();
  }

  #connect(): void {
    const socket = new WebSocket(socketAddress('/live'));
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#lastWord = null;
    this.status = 'opening';
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ cameras: this.cameras, feed: this.feed }));
    });
    socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) => {
      if (socket !== this.#socket) return;
      if (typeof event.data === 'string') this.#hear(readText(event.data));
      else this.#take(event.data);
    });
    socket.addEventListener('close', () => {
      if (socket === this.#socket && !this.#closed) this.#lost();
    });
  }

  #hear(message: ServerMessage | null): void {
    switch (message?.type) {
      case 'opened':
        this.status = 'open';
        this.notice = null;
        this.#retries = 0;
        this.ledgerEntry = message.ledger_entry;
        this.#clockAheadMs = millis(message.now) - Date.now();
        break;
      case 'tile':
        this.#begin(message.tile, message.mime, millis(message.wall_start), message.media_start_s);
        break;
      case 'gap':
        this.#change(message.tile, { gap: message.cause ?? null });
        break;
      case 'state':
        this.#change(message.tile, { state: message.state });
        break;
      case 'error':
        this.notice = say(message.message_ko, message.message_en);
        this.#lastWord ??= PASSING.includes(message.code) ? 'failed' : 'revoked';
        break;
      case 'closed':
        this.#lastWord = message.reason;
        this.notice = closeReasonName(message.reason);
        break;
      default:
    }
  }

  #begin(tile: number, mime: string, wallStartMs: number, mediaStartS: number): void {
    const video = this.#videos[tile];
    if (!video) return;
    // The old picture stands until the new one comes: a handover shows no black wall.
    const old = this.#players[tile];
    const wentBack = old && wallStartMs < old.baseMs;
    if (wentBack) old.destroy();
    const player =
      old && !wentBack ? old : new TilePlayer(video, wallStartMs - 1000, KEEP_BEHIND_S);
    this.#players[tile] = player;
    player.begin(mime, wallStartMs, mediaStartS);
    this.#change(tile, { gap: null, problem: player.problem });
  }

  #take(data: ArrayBuffer): void {
    const media = readMedia(data);
    const player = media && this.#players[media.tile];
    if (!media || !player) return;
    if (media.kind === 'init') player.init(media.bytes);
    else player.fragment(media.bytes);
  }

  #change(tile: number, change: Partial<LiveTile>): void {
    const view = this.tiles[tile];
    if (view) Object.assign(view, change);
  }

  #lost(): void {
    if (this.#lastWord && !WORTH_RETRYING.includes(this.#lastWord)) {
      this.status = 'over';
      return;
    }
    this.status = 'waiting';
    this.notice ??= say(
      '녹화기와 연결이 끊겨 다시 연결하는 중입니다.',
      'The connection to the recorder was lost; connecting again.',
    );
    const wait = RETRY_AFTER_MS[Math.min(this.#retries, RETRY_AFTER_MS.length - 1)];
    this.#retries += 1;
    this.#retryTimer = window.setTimeout(() => this.#connect(), wait);
  }

  #chase(): void {
    const nowMs = Date.now() + this.#clockAheadMs;
    this.#players.forEach((player, tile) => {
      if (!player) return;
      if (!this.paused) chaseEdge(player);
      const shownMs = player.shownMs();
      this.#change(tile, {
        ageS: shownMs === null ? null : Math.max(0, (nowMs - shownMs) / 1000),
        problem: player.problem,
      });
    });
  }
}

function chaseEdge(player: TilePlayer): void {
  const edgeS = player.edgeS();
  if (edgeS === null) return;
  const { video } = player;
  const behindS = edgeS - video.currentTime;
  // At the very edge there is nothing to play and nothing to jump to: the next frames will come.
  const inHole = behindS > 0.1 && !player.rangeAt(video.currentTime);
  if (behindS > JUMP_BEHIND_S || behindS < -0.5 || inHole) {
    const startS = player.rangeAt(edgeS - 0.001)?.startS ?? 0;
    const landS = Math.max(startS, edgeS - LAND_BEHIND_S);
    if (Math.abs(landS - video.currentTime) > 0.05) video.currentTime = landS;
  } else if (behindS > HURRY_BEHIND_S) {
    video.playbackRate = 1.05;
  } else if (behindS < CALM_BEHIND_S) {
    video.playbackRate = 1;
  }
  if (video.paused) void video.play().catch(() => undefined);
}

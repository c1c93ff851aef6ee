// The two WebSockets of the mock, with the messages that crates/api describes.

import { randomUUID } from 'node:crypto';

import { WebSocketServer } from 'ws';

import { FRAGMENT_S, keyframe, retime } from './clips.mjs';
import { cookieOf } from './world.mjs';

const AHEAD_S = 20;
/** The mapping from media to wall time has an origin of its own, as a real one would. */
const MEDIA_ORIGIN_S = 7.5;

const iso = (ms) => new Date(ms).toISOString();

function binary(kind, tile, wallMs, bytes) {
  const header = Buffer.alloc(12);
  header[0] = 1;
  header[1] = kind;
  header.writeUInt16BE(tile, 2);
  header.writeBigInt64BE(BigInt(Math.round(wallMs * 1000)), 4);
  return Buffer.concat([header, bytes]);
}

class Tile {
  constructor(socket, world, camera, number) {
    Object.assign(this, { socket, camera, number, film: world.clip(camera) });
  }

  say(message) {
    this.socket.send(JSON.stringify({ tile: this.number, ...message }));
  }

  begin(wallMs, mediaStartS = MEDIA_ORIGIN_S) {
    this.wallStartMs = wallMs;
    this.mediaStartS = mediaStartS;
    this.sent = 0;
    this.say({ type: 'tile', camera: this.camera, mime: this.film.mime, wall_start: iso(wallMs), media_start_s: mediaStartS });
    this.socket.send(binary(1, this.number, wallMs, this.film.init));
  }

  /** Wall time of the next fragment. */
  nextMs() {
    return this.wallStartMs + this.sent * FRAGMENT_S * 1000;
  }

  fragment() {
    this.send(this.nextMs());
    this.sent += 1;
  }

  /** A second of film, or its keyframe, standing so long. */
  send(wallMs, standsS = null) {
    const film = this.film.fragments[Math.floor(wallMs / 1000) % this.film.fragments.length];
    const mediaS = this.mediaStartS + (wallMs - this.wallStartMs) / 1000;
    const bytes = standsS === null ? retime(film, mediaS) : keyframe(film, mediaS, standsS);
    this.socket.send(binary(2, this.number, wallMs, bytes));
  }
}

function open(socket, world, account, action, detail) {
  const ledger_entry = world.act(account, action, detail);
  world.acts.push({ action, account: account.name, ledger_entry, ...detail });
  socket.send(JSON.stringify({ type: 'opened', act: randomUUID(), ledger_entry, until: iso(Date.now() + 43_200_000), now: iso(Date.now()) }));
}

const named = (world, ids) => ids.map((id) => ({ id, name: world.cameras.find((camera) => camera.id === id)?.name ?? '?' }));

function live(socket, world, account, input) {
  open(socket, world, account, 'live.watch', { cameras: named(world, input.cameras) });
  const tiles = input.cameras.map((camera, number) => {
    const state = world.cameras.find((each) => each.id === camera).state;
    const tile = new Tile(socket, world, camera, number);
    tile.say({ type: 'state', state });
    if (state !== 'recording') return null;
    tile.begin(Date.now() - FRAGMENT_S * 1000);
    return tile;
  });
  const timer = setInterval(() => {
    for (const tile of tiles) {
      while (tile && tile.nextMs() + FRAGMENT_S * 1000 <= Date.now()) tile.fragment();
    }
  }, 100);
  socket.on('close', () => clearInterval(timer));
}

/** The clock of media has room before it for what is played backwards. */
const BACKWARDS_ORIGIN_S = 200_000;

/** Sends recorded footage ahead of what the page plays: every frame or keyframes, either way. */
class Playing {
  constructor(socket, world, input) {
    Object.assign(this, { socket, world, fromMs: Date.parse(input.from), toMs: Date.parse(input.to) });
    this.tiles = input.cameras.map((camera, number) => new Tile(socket, world, camera, number));
    this.go(Date.parse(input.start ?? input.from));
  }

  go(atMs, percent = 100, keyframesOnly = false) {
    const speed = Math.abs(percent) / 100;
    this.positionMs = atMs;
    this.backwards = percent < 0;
    this.keyframesOnly = keyframesOnly || speed >= 4;
    this.aheadMs = 1000 * (this.keyframesOnly ? Math.max(AHEAD_S, 10 * speed) : AHEAD_S);
    this.apartMs = this.keyframesOnly ? Math.max(1000, Math.ceil(speed * 0.1) * 1000) : 1000;
    for (const tile of this.tiles) {
      tile.ended = false;
      tile.begun = false;
      // A real one begins at the keyframe before.
      tile.cursorMs = this.backwards ? atMs : atMs - 300;
    }
  }

  pump() {
    for (const tile of this.tiles) {
      let budget = 5;
      while (!tile.ended && this.isWanted(tile) && budget > 0) {
        if (this.backwards) this.stepBack(tile);
        else this.step(tile);
        budget -= 1;
      }
    }
  }

  isWanted(tile) {
    const leadMs = this.backwards ? this.positionMs - tile.cursorMs : tile.cursorMs - this.positionMs;
    return leadMs < this.aheadMs;
  }

  gapIn(tile, fromMs, toMs) {
    return this.world.gaps.get(tile.camera).find((each) => each.from < toMs && fromMs < each.to);
  }

  step(tile) {
    const gap = this.gapIn(tile, tile.cursorMs, tile.cursorMs + 1000);
    if (tile.cursorMs >= this.toMs) {
      tile.ended = true;
      tile.say({ type: 'end' });
    } else if (gap) {
      tile.say({ type: 'gap', from: iso(gap.from), to: iso(gap.to), cause: gap.cause });
      tile.cursorMs = gap.to;
      tile.begun = false;
    } else {
      if (!tile.begun) tile.begin(tile.cursorMs);
      tile.begun = true;
      tile.send(tile.cursorMs, this.keyframesOnly ? this.apartMs / 1000 : null);
      tile.cursorMs += this.apartMs;
    }
  }

  stepBack(tile) {
    const gap = this.gapIn(tile, tile.cursorMs - this.apartMs, tile.cursorMs);
    if (tile.cursorMs <= this.fromMs) {
      tile.ended = true;
      tile.say({ type: 'end' });
    } else if (gap) {
      tile.say({ type: 'gap', from: iso(gap.from), to: iso(tile.cursorMs), cause: gap.cause });
      tile.cursorMs = gap.from;
    } else {
      tile.cursorMs -= this.apartMs;
      if (!tile.begun) tile.begin(tile.cursorMs, BACKWARDS_ORIGIN_S);
      tile.begun = true;
      tile.send(tile.cursorMs, this.keyframesOnly ? this.apartMs / 1000 : null);
    }
  }
}

/** Somebody walks by for twenty seconds every five minutes. */
function changes(world, camera, { from, to, columns }) {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const columnMs = (toMs - fromMs) / columns;
  return Array.from({ length: columns }, (_, i) => {
    const [begin, end] = [fromMs + i * columnMs, fromMs + (i + 1) * columnMs];
    if (begin > Date.now() || world.gaps.get(camera).some((gap) => gap.from <= begin && end <= gap.to)) return null;
    const since = begin % 300_000;
    return since < 20_000 || since + columnMs > 300_000 ? 220 : Math.round((begin / 60_000) % 24);
  });
}

function footage(socket, world, account, input) {
  open(socket, world, account, 'footage.play', {
    cameras: named(world, input.cameras),
    from: input.from,
    to: input.to,
    purpose: input.purpose,
  });
  const playing = new Playing(socket, world, input);
  socket.on('message', (data) => {
    const command = JSON.parse(data);
    if (command.type === 'position') playing.positionMs = Date.parse(command.at);
    if (command.type === 'seek') {
      const { number, to, speed_percent = 100, keyframes_only = false } = command;
      playing.go(Date.parse(to), speed_percent, keyframes_only);
      socket.send(JSON.stringify({ type: 'sought', number, to, speed_percent, keyframes_only: playing.keyframesOnly }));
    }
    if (command.type === 'changes') {
      const { number, tile, from, to } = command;
      const levels = changes(world, input.cameras[tile], command);
      socket.send(JSON.stringify({ type: 'changes', number, tile, from, to, levels }));
    }
  });
  const timer = setInterval(() => playing.pump(), 50);
  socket.on('close', () => clearInterval(timer));
}

export function serveSockets(server, world) {
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, connection, head) => {
    const path = new URL(request.url, 'http://mock').pathname;
    const serve = { '/api/v1/live': live, '/api/v1/footage': footage }[path];
    if (!serve) return;
    const session = world.sessionOf(cookieOf(request));
    if (!session || world.broken.includes(path.slice('/api/v1'.length))) return connection.destroy();
    sockets.handleUpgrade(request, connection, head, (socket) => {
      socket.once('message', (data) => serve(socket, world, session.account, JSON.parse(data)));
    });
  });
  world.hangUp = (reason) => {
    for (const socket of sockets.clients) {
      if (reason) socket.send(JSON.stringify({ type: 'closed', reason }));
      socket.close();
    }
  };
  return () => {
    for (const socket of sockets.clients) socket.terminate();
  };
}

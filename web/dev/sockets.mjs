// The two WebSockets of the mock, with the messages that crates/api describes.

import { randomUUID } from 'node:crypto';

import { WebSocketServer } from 'ws';

import { FRAGMENT_S, retime } from './clips.mjs';
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

  begin(wallMs) {
    this.wallStartMs = wallMs;
    this.sent = 0;
    this.say({ type: 'tile', camera: this.camera, mime: this.film.mime, wall_start: iso(wallMs), media_start_s: MEDIA_ORIGIN_S });
    this.socket.send(binary(1, this.number, wallMs, this.film.init));
  }

  /** Wall time of the next fragment. */
  nextMs() {
    return this.wallStartMs + this.sent * FRAGMENT_S * 1000;
  }

  fragment() {
    const which = Math.floor(this.nextMs() / 1000) % this.film.fragments.length;
    const bytes = retime(this.film.fragments[which], MEDIA_ORIGIN_S + this.sent * FRAGMENT_S);
    this.socket.send(binary(2, this.number, this.nextMs(), bytes));
    this.sent += 1;
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

/** Sends recorded footage up to 20 s ahead of what the page plays. */
class Playing {
  constructor(socket, world, input) {
    Object.assign(this, { socket, world, toMs: Date.parse(input.to) });
    this.tiles = input.cameras.map((camera, number) => new Tile(socket, world, camera, number));
    this.go(Date.parse(input.start ?? input.from));
  }

  go(atMs) {
    this.positionMs = atMs;
    for (const tile of this.tiles) {
      tile.ended = false;
      tile.begun = false;
      // A real one begins at the keyframe before.
      tile.cursorMs = atMs - 300;
    }
  }

  pump() {
    for (const tile of this.tiles) {
      let budget = 5;
      while (!tile.ended && tile.cursorMs < this.positionMs + AHEAD_S * 1000 && budget > 0) {
        this.step(tile);
        budget -= 1;
      }
    }
  }

  step(tile) {
    const gap = this.world.gaps.get(tile.camera).find((each) => each.from <= tile.cursorMs + 999 && tile.cursorMs < each.to);
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
      tile.fragment();
      tile.cursorMs = tile.nextMs();
    }
  }
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
      playing.go(Date.parse(command.to));
      socket.send(JSON.stringify({ type: 'sought', number: command.number, to: command.to }));
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

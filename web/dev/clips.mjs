// Moving pictures for the mock: short H.264 films of ffmpeg's test picture, cut into an
// initialisation and fragments of one second. Made once and kept in the system's temporary folder.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LENGTH_S = 12;
export const FRAGMENT_S = 1;
export const TIMESCALE = 12_800;
const FOLDER = join(tmpdir(), 'jikim-mock-clips-1');

/** Boxes of an MP4 file, one level deep. */
function boxes(bytes) {
  const found = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), at, length });
    at += length;
  }
  return found;
}

function split(bytes) {
  const all = boxes(bytes);
  const firstMoof = all.find((box) => box.type === 'moof').at;
  const fragments = all
    .filter((box) => box.type === 'moof')
    .map((moof) => {
      const mdat = all.find((box) => box.type === 'mdat' && box.at > moof.at);
      return bytes.subarray(moof.at, mdat.at + mdat.length);
    });
  return { init: bytes.subarray(0, firstMoof), fragments };
}

function make(path, hue) {
  execFileSync('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi'],
    ...['-i', `testsrc2=size=640x360:rate=25:duration=${LENGTH_S},hue=h=${hue}:s=0.7`],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-level', '3.1'],
    ...['-pix_fmt', 'yuv420p', '-b:v', '400k', '-bf', '0', '-g', '25', '-sc_threshold', '0'],
    ...['-video_track_timescale', String(TIMESCALE)],
    ...['-movflags', 'frag_keyframe+empty_moov+default_base_moof', `${path}.tmp.mp4`],
  ]);
  renameSync(`${path}.tmp.mp4`, path);
}

/** One of a few films, by number. */
export function clip(number) {
  mkdirSync(FOLDER, { recursive: true });
  const kind = number % 4;
  const path = join(FOLDER, `${kind}.mp4`);
  if (!existsSync(path)) make(path, kind * 90);
  return { mime: 'video/mp4; codecs="avc1.64001f"', ...split(readFileSync(path)) };
}

/** The same fragment at another media time: its `tfdt` says when. */
export function retime(fragment, mediaS) {
  const copy = Buffer.from(fragment);
  const at = copy.indexOf('tfdt', 0, 'latin1');
  const ticks = BigInt(Math.round(mediaS * TIMESCALE));
  if (copy[at + 4] === 1) copy.writeBigUInt64BE(ticks, at + 8);
  else copy.writeUInt32BE(Number(ticks), at + 8);
  return copy;
}

function box(type, ...parts) {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

const words = (...numbers) => {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, i) => bytes.writeUInt32BE(number >>> 0, i * 4));
  return bytes;
};

/** The size of a fragment's first picture, by its `trun`. */
function firstSize(fragment) {
  const at = fragment.indexOf('trun', 0, 'latin1') + 4;
  const flags = fragment.readUInt32BE(at) & 0xffffff;
  const entry = at + 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
  return fragment.readUInt32BE(entry + (flags & 0x100 ? 4 : 0));
}

/** A fragment's keyframe alone, standing as long as is said. */
export function keyframe(fragment, mediaS, standsS) {
  const data = fragment.indexOf('mdat', 0, 'latin1') + 4;
  const picture = fragment.subarray(data, data + firstSize(fragment));
  const start = Math.round(mediaS * TIMESCALE);
  const moof = (offset) =>
    box(
      'moof',
      box('mfhd', words(0, 1)),
      box(
        'traf',
        box('tfhd', words(0x020000, 1)),
        box('tfdt', words(0x01000000, Math.floor(start / 2 ** 32), start)),
        box('trun', words(0x000701, 1, offset, Math.round(standsS * TIMESCALE), picture.length, 0x02000000)),
      ),
    );
  return Buffer.concat([moof(moof(0).length + 8), box('mdat', picture)]);
}

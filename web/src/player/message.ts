// The messages of the two sockets. Binary ones: docs of crates/api, `viewing`.

import type { ServerMessage } from '../lib/wire';

const VERSION = 1;
const HEADER_LENGTH = 12;

export type Media = {
  kind: 'init' | 'fragment';
  tile: number;
  wallMs: number;
  bytes: Uint8Array<ArrayBuffer>;
};

/** What a binary message holds; null if it is of a version or kind that this page does not know. */
export function readMedia(message: ArrayBuffer): Media | null {
  if (message.byteLength < HEADER_LENGTH) return null;
  const view = new DataView(message);
  const kind = view.getUint8(1);
  if (view.getUint8(0) !== VERSION || (kind !== 1 && kind !== 2)) return null;
  return {
    kind: kind === 1 ? 'init' : 'fragment',
    tile: view.getUint16(2),
    wallMs: Number(view.getBigInt64(4)) / 1000,
    bytes: new Uint8Array(message, HEADER_LENGTH),
  };
}

export function readText(message: string): ServerMessage | null {
  try {
    return JSON.parse(message) as ServerMessage;
  } catch {
    return null;
  }
}

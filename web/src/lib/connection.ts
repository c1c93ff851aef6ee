// The fields with which a device is reached, as a form holds them.

import type { CameraTransport } from './wire';

export type Connection = {
  url: string;
  sub_url: string;
  username: string;
  password: string;
  transport: CameraTransport;
};

export const noConnection = (): Connection => ({
  url: '',
  sub_url: '',
  username: '',
  password: '',
  transport: 'tcp',
});

/** The same for the wire: what was left empty is left out. */
export const connectionForWire = (connection: Connection) => ({
  url: connection.url.trim(),
  sub_url: connection.sub_url.trim() || null,
  username: connection.username.trim() || null,
  password: connection.password || null,
  transport: connection.transport,
});

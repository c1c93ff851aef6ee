// npm run dev: the pages with Vite's reloading, over the mock. Sign in as admin, manager, operator
// or contractor with the password below.

import { createServer } from 'vite';

import { startMock } from './mock.mjs';
import { PASSWORD } from './world.mjs';

const vite = await createServer({ server: { middlewareMode: true, hmr: false }, appType: 'spa' });
const mock = await startMock({ port: Number(process.env.PORT ?? 5174) }, vite.middlewares);
console.log(`${mock.address}  (password: ${PASSWORD})`);

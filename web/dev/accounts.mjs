// Accounts and appointments, as crates/access decides them.

import { randomUUID } from 'node:crypto';

const iso = (ms) => new Date(ms).toISOString();

/** An appointment of which nothing was said. */
export const BLANK = { post: null, document: null, deputy_of: null, from: null, until: null, duty: [], pledged_at: null, trained_at: null };

const accountShown = ({ password, ...account }) => account;

export const ACCOUNT_HANDLERS = {
  'GET /accounts': ({ world }) => ({ body: { accounts: world.accounts.map(accountShown) } }),
  'POST /accounts': ({ world, account, input }) => {
    const made = { id: randomUUID(), name: null, standing: 'holds', ...input, appointment: { ...BLANK, ...input.appointment }, created_at: iso(Date.now()), ended_at: null, link_until: null };
    world.accounts.push(made);
    world.outcome(world.act(account, 'account.appoint-technical'), account);
    return { status: 201, body: { link: world.link(made), account: accountShown(made) } };
  },
  'POST /accounts/{id}/appointment': ({ world, account: by, id, input }) => {
    const account = world.accounts.find((each) => each.id === id);
    account.appointment = { ...BLANK, ...input };
    world.outcome(world.act(by, 'account.change'), by);
    return { body: accountShown(account) };
  },
  'POST /accounts/{id}/end': ({ world, id }) => {
    const account = world.accounts.find((each) => each.id === id);
    account.ended_at = iso(Date.now());
    return { body: accountShown(account) };
  },
  'POST /accounts/{id}/reset': ({ world, id }) => {
    const account = world.accounts.find((each) => each.id === id);
    return { body: { link: world.link(account), account: accountShown(account) } };
  },
};

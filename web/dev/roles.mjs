// Which actions the roles of the pretended recorder have.

import { DISCLOSURE_ACTIONS } from './disclosures.mjs';
import { EXPORT_ACTIONS } from './exports.mjs';
import { REQUEST_ACTIONS } from './requests.mjs';

const TWO_PEOPLE = ['approval.list', 'approval.propose', 'approval.decide', 'camera.lengthen-retention', 'footage.allow-early', 'footage.revoke-early', 'footage.destroy-minutes', 'policy.loosen'];
/** What each role may. */
export const EVERYBODY = ['camera.pattern', 'camera.list', 'plan.read', 'health.read', 'ledger.read', 'policy.read', 'session.read'];
export const MAY = {
  administrator: [
    'plan.change',
    ...['camera.add', 'camera.change', 'camera.replace', 'camera.retire', 'camera.still', 'range.read'],
    ...['account.list', 'account.appoint-technical', 'account.change', 'account.end', 'account.reset-technical'],
    ...['attestation.record', 'ticket.close', 'ticket.list', ...TWO_PEOPLE],
  ],
  manager: [
    ...['live.watch', 'footage.play', 'footage.timeline', 'camera.still', 'range.read', 'range.change', 'ledger.records', 'policy.announce', 'plan.change'],
    ...['account.list', 'account.appoint-footage', 'account.change', 'account.end', 'account.reset-footage', 'session.hand-over'],
    ...['camera.shorten-retention', 'footage.hold', 'footage.renew-hold', 'footage.release-hold', 'footage.list-holds', 'attestation.record', ...TWO_PEOPLE],
    ...['ticket.open', 'ticket.close', 'ticket.list', 'visit.record', 'visit.list', 'register.read', ...REQUEST_ACTIONS, ...DISCLOSURE_ACTIONS, ...EXPORT_ACTIONS],
  ],
  officer: ['live.watch', 'footage.play', 'footage.timeline', 'footage.list-holds', 'camera.still', 'range.read', 'range.change', 'session.hand-over', 'attestation.record', 'ticket.open', 'ticket.close', 'ticket.list', 'visit.record', 'visit.list', 'register.read', ...REQUEST_ACTIONS, ...DISCLOSURE_ACTIONS, ...EXPORT_ACTIONS, ...TWO_PEOPLE],
  operator: ['live.watch', 'footage.play', 'footage.timeline', 'session.hand-over'],
  contractor: [],
  inspector: ['ticket.list', 'ledger.records', 'account.list', 'approval.list', 'footage.list-holds', 'request.list', 'disclosure.list', 'export.list', 'register.read'],
};

import { type Answer } from '../frame.ts';
import { listInventory, updateProducts } from './catalogue.ts';
import { type Call } from './intake.ts';
import { createTicket, getTicket, listTickets } from './tickets.ts';
import { registerWebhook } from './webhooks.ts';

interface Route {
  method: 'GET' | 'POST';
  /** Matches the path below the mount; its group is the record's id. */
  path: RegExp;
  operation: (call: Call) => Answer;
}

/** Everything that needs a token. */
export const ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/v2\/tickets$/, operation: createTicket },
  { method: 'GET', path: /^\/v2\/tickets$/, operation: listTickets },
  { method: 'GET', path: /^\/v2\/tickets\/([^/]+)$/, operation: getTicket },
  { method: 'GET', path: /^\/v2\/inventory$/, operation: listInventory },
  { method: 'POST', path: /^\/v2\/products\/bulk$/, operation: updateProducts },
  { method: 'POST', path: /^\/v2\/webhooks$/, operation: registerWebhook },
];

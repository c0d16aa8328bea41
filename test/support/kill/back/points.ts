import type { NamedStep } from '../victim.ts';

/** A moment on the way back at which a process may die. */
export interface KillMoment {
  readonly name: string;
  /** Matches the line of its step in a close trace. */
  readonly pattern: string;
  readonly side: NamedStep['side'];
  /** What the process does: `once` works through everything and ends, `posts` waits for events. Default: once. */
  readonly scene?: 'once' | 'posts';
}

const commit = (statement: string): string => `^sql\\.exec COMMIT of (.*; )?${statement}`;
const ITEM = 'INSERT INTO items \\(feed_id, snapshot_id';
const inFlow = '/erp/(shipments|documents|waiting|tracked|counts|levels|stock)/';
const temporary = `${inFlow}\\.dray-[a-z]+-\\d+\\.tmp$`;
const markerTemporary = `${inFlow}\\.dray-[a-z]+-\\d+\\.marker\\.tmp$`;
const finalName = `${inFlow}[A-Za-z0-9][^/ ]*\\.csv`;
const MARKER = `${inFlow}[A-Za-z0-9][^/ ]*\\.ok`;

/** Every step from a page that was fetched to a file whose marker is out, in the order in which they come. */
export const moments: readonly KillMoment[] = [
  { name: 'page asked for', pattern: '^socket\\.write GET /(shipments|stock|orders)', side: 'after' },
  { name: 'page of a stream fetched', pattern: '^sql\\.run UPDATE feeds SET cursor', side: 'before' },
  { name: 'gap noted', pattern: '^sql\\.run INSERT INTO gaps', side: 'after' },
  { name: 'items of a stream inserted', pattern: `^sql\\.run ${ITEM}.*<- \\[\\d+,0,`, side: 'after' },
  { name: 'page of a stream about to be committed', pattern: commit('UPDATE feeds SET cursor'), side: 'before' },
  { name: 'cursor committed', pattern: commit('UPDATE feeds SET cursor'), side: 'after' },
  { name: 'late item below the cursor committed', pattern: commit(`UPDATE gaps.*; ${ITEM}`), side: 'after' },
  { name: 'records of ours enrolled', pattern: commit('INSERT INTO tracked'), side: 'after' },
  { name: 'records of ours read', pattern: '^sql\\.run UPDATE tracked SET due_at', side: 'before' },
  { name: 'records of ours committed', pattern: commit('UPDATE tracked SET due_at'), side: 'after' },
  { name: 'snapshot begun', pattern: commit('INSERT INTO snapshots'), side: 'after' },
  { name: 'page of a snapshot fetched', pattern: `^sql\\.run ${ITEM}.*<- \\[\\d+,[1-9]`, side: 'before' },
  { name: 'page of a snapshot committed', pattern: `^sql\\.exec COMMIT of ${ITEM}`, side: 'after' },
  { name: 'snapshot about to be finished', pattern: commit('UPDATE snapshots SET is_finished'), side: 'before' },
  { name: 'snapshot finished', pattern: commit('UPDATE snapshots SET is_finished'), side: 'after' },
  { name: 'run begun', pattern: commit('INSERT INTO flows \\(flow\\) VALUES'), side: 'after' },
  { name: 'next file of a run begun', pattern: '^sql\\.exec COMMIT of INSERT INTO outbound_files', side: 'after' },
  { name: 'counts noted', pattern: commit('INSERT INTO building_counts'), side: 'after' },
  { name: 'rows compared', pattern: commit('INSERT INTO building_rows'), side: 'after' },
  { name: 'facts assigned', pattern: commit('INSERT INTO facts'), side: 'after' },
  { name: 'spool opened', pattern: '^promises\\.open .*/dray\\.spool/', side: 'after' },
  { name: 'spool written', pattern: '^handle\\.writeFile .*/dray\\.spool/', side: 'after' },
  { name: 'spool flushed', pattern: '^handle\\.sync .*/dray\\.spool/', side: 'after' },
  { name: 'run about to be built', pattern: commit("UPDATE outbound_files SET state = 'built'"), side: 'before' },
  { name: 'built committed', pattern: commit("UPDATE outbound_files SET state = 'built'"), side: 'after' },
  { name: 'facts of the snapshot before forgotten', pattern: commit('DELETE FROM facts'), side: 'after' },
  { name: 'run recorded', pattern: commit('INSERT INTO flows \\(flow, last_run_at'), side: 'after' },
  { name: 'temporary file opened', pattern: `^promises\\.open .*${temporary}`, side: 'after' },
  { name: 'temporary file written', pattern: `^handle\\.writeFile .*${temporary}`, side: 'after' },
  { name: 'temporary file flushed', pattern: `^handle\\.sync .*${temporary}`, side: 'after' },
  { name: 'written committed', pattern: commit("UPDATE outbound_files SET state = 'written'"), side: 'after' },
  { name: 'marker of the file before removed', pattern: `^promises\\.unlink .*/erp/stock/STOCK\\.ok`, side: 'after' },
  { name: 'file before linked into the archive', pattern: '^promises\\.link .*/erp/stock/archive/', side: 'after' },
  { name: 'file before archived', pattern: '^promises\\.unlink .*/erp/stock/STOCK\\.csv', side: 'after' },
  { name: 'final name looked at', pattern: `^promises\\.lstat .*${finalName}$`, side: 'after' },
  { name: 'about to be renamed', pattern: `^promises\\.rename .*${finalName}$`, side: 'before' },
  { name: 'renamed', pattern: `^promises\\.rename .*${finalName}$`, side: 'after' },
  { name: 'published committed', pattern: commit("UPDATE outbound_files SET state = 'published'"), side: 'after' },
  { name: 'spool removed', pattern: '^promises\\.rm .*/dray\\.spool/', side: 'after' },
  { name: 'marker flushed', pattern: `^handle\\.sync .*${markerTemporary}`, side: 'after' },
  { name: 'marker written committed', pattern: commit('UPDATE markers .*<- \\[written'), side: 'after' },
  { name: 'marker renamed', pattern: `^promises\\.rename .*${MARKER}$`, side: 'after' },
  { name: 'marker published committed', pattern: commit('UPDATE markers .*<- \\[published'), side: 'after' },
  { name: 'event about to be stored', pattern: commit('INSERT INTO webhook_events'), side: 'before', scene: 'posts' },
  { name: 'event stored', pattern: commit('INSERT INTO webhook_events'), side: 'after', scene: 'posts' },
  { name: 'event answered', pattern: '^socket\\.(write|uncork).*HTTP/1\\.1 200', side: 'after', scene: 'posts' },
  { name: 'feeds about to be woken', pattern: commit('UPDATE webhook_events'), side: 'before', scene: 'posts' },
  { name: 'feeds woken', pattern: commit('UPDATE webhook_events'), side: 'after', scene: 'posts' },
];

/** How often a step of each kind comes in a trace. */
export function occurrences({ pattern }: KillMoment, trace: readonly string[]): number {
  const matcher = new RegExp(pattern);
  return trace.filter((line) => matcher.test(line)).length;
}

import { type Answer, type ProviderRequest } from '../frame.ts';
import { guidOf } from '../random.ts';
import { json, refused } from './answers.ts';
import { countUp, type Desk, isoTime, MINUTE_MS } from './desk.ts';
import { type Call, readObject } from './intake.ts';
import { contentOf, isReportType } from './report-contents.ts';
import { type FlexportState, type ReportRecord } from './state.ts';

const URL_LIFE_MS = 60 * MINUTE_MS;

/** POST /reports */
export function createReport(call: Call): Answer {
  const { desk } = call;
  const { reportType: type, startDate, endDate } = readObject(call) ?? {};
  if (typeof type !== 'string' || !isReportType(type)) {
    return refused(400, 'reportType: is not one of the allowed values');
  }
  const [from, until] = [readDay(startDate, 0), readDay(endDate, desk.at)];
  if (from === undefined || until === undefined) return refused(400, 'startDate and endDate must be dates');
  if (from > until) return refused(400, 'startDate is after endDate');
  const { reportMinutes, reportLimit } = desk.switches;
  const pending = [...desk.book.reports.values()].filter(({ readyAt }) => readyAt > desk.at).length;
  if (reportLimit > 0 && pending >= reportLimit) {
    return refused(429, 'Too many reports are being made', { headers: { 'retry-after': '60' } });
  }
  const reference = guidOf('report', desk.seed, desk.account, countUp(desk.book, 'report'));
  const readyAt = desk.at + reportMinutes * MINUTE_MS;
  // What happens later is not in it.
  const content = isRefusedHere(desk) ? null : contentOf(desk.book, type, { from, until: until + DAY, at: desk.at });
  desk.book.reports.set(reference, { reference, type, readyAt, content, links: [] });
  return json(200, { reportReference: reference });
}

const DAY = 24 * 60 * MINUTE_MS;

/** The first moment of a day. */
function readDay(value: unknown, absent: number): number | undefined {
  if (value === undefined) return absent;
  const [, day] = /^(\d{4}-\d\d-\d\d)(T[\d:.]+Z)?$/.exec(typeof value === 'string' ? value : '') ?? [];
  const time = Date.parse(day ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function isRefusedHere({ book, switches }: Desk): boolean {
  const { failReports } = switches;
  return failReports > 0 && countUp(book, 'report-tried') % failReports === 0;
}

/** GET /reports/{reportReference} */
export function getReport({ desk, id, origin }: Call): Answer {
  const report = desk.book.reports.get(id);
  if (report === undefined) return refused(404, `Report ${id} not found`);
  if (report.readyAt > desk.at) return json(200, { reportReference: id, status: 'PENDING' });
  if (report.content === null) {
    return json(200, { reportReference: id, status: 'ERROR', errorMessage: 'The report could not be made' });
  }
  const link = openLink(desk, report);
  const url = `${origin}/files/${id}.csv?expires=${Math.floor(link.endsAt / 1000)}&signature=${link.signature}`;
  return json(200, { reportReference: id, status: 'SUCCESS', url, urlExpiration: isoTime(link.endsAt) });
}

/** Whether an address that has expired is replaced is not documented; here it is, unless a switch says otherwise. */
function openLink({ at, switches, seed }: Desk, report: ReportRecord): ReportRecord['links'][number] {
  const last = report.links.at(-1);
  if (last !== undefined && (last.endsAt > at || !switches.renewLinks)) return last;
  const link = {
    signature: guidOf('link', seed, report.reference, report.links.length).replaceAll('-', ''),
    endsAt: at + URL_LIFE_MS,
  };
  report.links.push(link);
  return link;
}

/** GET of a finished report at an address that is a store's, not the API's: its signature is the permission. */
export function downloadReport(request: ProviderRequest, state: FlexportState, now: number): Answer {
  // A store refuses two ways at once to prove who asks.
  if (request.headers.authorization !== undefined) return denied(400, 'InvalidArgument');
  const id = /^\/files\/([^/]+)\.csv$/.exec(request.path)?.[1] ?? '';
  const report = [...state.accounts.values()].map(({ reports }) => reports.get(id)).find((own) => own !== undefined);
  const link = report?.links.find(({ signature }) => signature === request.query.get('signature'));
  if (report === undefined || link === undefined || link.endsAt <= now) return denied(403, 'AccessDenied');
  return { status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' }, body: report.content ?? '' };
}

function denied(status: number, code: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

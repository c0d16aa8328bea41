import { createHash } from 'node:crypto';
import { type Answer, type ProviderRequest } from '../frame.ts';
import { guidOf } from '../random.ts';
import { invalid, json, refused } from './answers.ts';
import { countUp, MINUTE_MS } from './desk.ts';
import { type Call, readObject } from './intake.ts';
import { type Book, type FlexportState } from './state.ts';

const TYPES = ['SHIPPING_LABELS', 'CASE_LABELS', 'PALLET_LABELS', 'BILL_OF_LADING', 'COMMERCIAL_INVOICE'];

/** POST /orders/rs/{shipmentId}/attachments */
export function createUpload(call: Call): Answer {
  const { desk, id, origin } = call;
  const body = readObject(call);
  if (body === undefined) return refused(400, 'The body is not a JSON object');
  const isKnown = [...desk.book.wholesale.values()].some(({ shipments }) => shipments.some((own) => own.id === id));
  if (!isKnown) return refused(404, `Shipment ${id} not found`);
  const { attachmentType, contentType } = body;
  if (typeof attachmentType !== 'string' || !TYPES.includes(attachmentType)) {
    return invalid(400, [{ path: 'attachmentType', message: 'is not one of the allowed values' }]);
  }
  if (contentType !== 'application/pdf') {
    return invalid(422, [{ path: 'contentType', message: 'must be application/pdf' }]);
  }
  const uploadId = guidOf('upload', desk.seed, desk.account, countUp(desk.book, 'upload'));
  const signature = guidOf('signature', uploadId).replaceAll('-', '');
  const endsAt = desk.at + desk.switches.uploadMinutes * MINUTE_MS;
  const empty = { signature, endsAt, bytes: null, sha256: null };
  desk.book.uploads.set(uploadId, { id: uploadId, shipmentId: id, attachmentType, ...empty });
  return json(200, { uploadUrl: `${origin}/uploads/${uploadId}?X-Signature=${signature}` });
}

/** PUT of the bytes to an upload address, which is a bucket's and not the API's: the address itself is the permission. */
export function receiveUpload(request: ProviderRequest, state: FlexportState, now: number): Answer {
  const id = /^\/uploads\/([^/]+)$/.exec(request.path)?.[1] ?? '';
  const upload = findUpload([...state.accounts.values()], id);
  if (upload === undefined || request.query.get('X-Signature') !== upload.signature) {
    return bucketError(403, 'SignatureDoesNotMatch', 'The signature of the address is not the one that was given out');
  }
  if (upload.endsAt <= now) return bucketError(403, 'AccessDenied', 'Request has expired');
  if (request.headers.authorization !== undefined) {
    return bucketError(400, 'InvalidArgument', 'Only one auth mechanism allowed');
  }
  const isPdf = request.headers['content-type'] === 'application/pdf' && request.body.subarray(0, 5).equals(PDF_START);
  if (!isPdf) return bucketError(400, 'InvalidRequest', 'The content is not application/pdf');
  upload.bytes = request.body.length;
  upload.sha256 = createHash('sha256').update(request.body).digest('hex');
  return { status: 200, headers: { etag: `"${upload.sha256.slice(0, 32)}"` } };
}

/** Buckets answer in XML. */
function bucketError(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

const PDF_START = Buffer.from('%PDF-');

function findUpload(books: readonly Book[], id: string) {
  return books.map(({ uploads }) => uploads.get(id)).find((upload) => upload !== undefined);
}

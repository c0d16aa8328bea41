import { duration, headers, named, object, path, text } from '../schema-parts.ts';

const template = text('Template: {settings.name}.');

export const authSchema = object('How requests prove who sends them.', {
  headers: { ...headers, description: 'Header name → template of settings, added when a request is sent.' },
  token: object(
    'OAuth 2 client credentials: a token is asked for, and sent along as `Authorization: Bearer`.',
    {
      path: path('Path of the token endpoint, below baseUrl.'),
      client: { enum: ['body', 'basic'], description: 'Where id and secret go: into the body, or HTTP Basic.' },
      format: { enum: ['json', 'form'], description: 'Body of the token request.' },
      id: template,
      secret: template,
      fields: named('Further fields of the token request.', '.', template),
      lifetime: duration('How long a token lives when the answer does not say it. Default 1h.'),
    },
    ['path', 'client', 'format', 'id', 'secret'],
  ),
  tls: object('Own certificate, and whose certificates are trusted: PEM text or a path. Empty means not used.', {
    certificate: template,
    key: template,
    authority: template,
  }),
});

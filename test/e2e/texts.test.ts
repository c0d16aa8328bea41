import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { repository } from '../support/dray.ts';
import { startFixedSandbox } from '../support/sandbox.ts';
import { makeWorkbook, row, unzip } from '../support/workbook.ts';
import { createWorkspace, ctlConfig, inboundFlow, type Workspace } from '../support/workspace.ts';

const german = ['mappings/texts/de.yaml', 'mappings/ctl/texts/de.yaml'].map((path) => join(repository, path));
const HEADER = ['OrderNo', 'OrderDate', 'ShipName', 'Address1', 'City', 'State', 'Zip', 'LineNo', 'SKU', 'Qty'];
const ROWS = [
  ['A1', '2026-05-04', 'Müller & Söhne', '18 Harbor Lane', 'Dayton', 'OH', '45402', '10', 'CAP-STD', '2'],
  ['A2', '2026-05-04', 'Okafor', '18 Harbor Lane', 'Dayton', 'OH', '45402', '10', 'CAP-STD', 'zwei'],
  ['A2', '2026-05-04', 'Okafor', '18 Harbor Lane', 'Dayton', 'OH', '45403', '20', 'CAP-STD', '1'],
  ['A2', '2026-05-04', 'Okafor', '18 Harbor Lane', 'Dayton', 'OH', '45402', '30', 'CAP-STD', '1'],
  ['A3', '2026-05-04', 'Okafor', '18 Harbor Lane', 'Dayton', 'OH', '', '10', 'CAP-STD', '2'],
];

interface Site {
  readonly texts?: unknown;
  readonly format: 'csv' | 'xlsx';
  /** Replaces pieces of the shipped mapping. */
  readonly read: string;
}

async function open({ texts = german, format, read }: Site): Promise<Workspace> {
  const sandbox = await startFixedSandbox();
  onTestFinished(() => sandbox.close());
  const orders = inboundFlow('orders', 'order.yaml', 'order.create', { pick: `orders/in/*.${format}` });
  const config = { ...ctlConfig(`${sandbox.url}/ctl`, { inbound: { orders } }), texts };
  const workspace = await createWorkspace(config);
  onTestFinished(() => workspace.remove());
  const mapping = await readFile(join(repository, 'mappings/ctl/order.yaml'), 'utf8');
  const [head = ''] = mapping.split('\ntests:');
  await workspace.put('order.yaml', head.replace('format: csv', read));
  return workspace;
}

async function readLatin(workspace: Workspace, path: string): Promise<string[]> {
  const bytes = await readFile(workspace.path(path));
  return bytes.toString('latin1').split('\r\n');
}

describe('a clerk who reads German', () => {
  test('is answered in German, in the dialect and the code page of the drop; codes and statuses stay', async () => {
    const workspace = await open({ format: 'csv', read: 'format: csv\n  delimiter: ";"\n  encoding: iso-8859-1' });
    const sheet = [HEADER, ...ROWS].map((cells) => `${cells.join(';')}\r\n`).join('');
    await workspace.put('erp/orders/in/montag.csv', Buffer.from(sheet, 'latin1'));
    const ran = await workspace.run(['run', '--once']);
    expect(ran.code).toBe(1);
    const [columns, ...results] = await readLatin(workspace, 'erp/orders/results/montag.result.csv');
    expect(columns).toBe('drop;line;key;status;code;column;value;message;reference');
    expect(results.filter((line) => line !== '')).toEqual([
      'montag.csv;2;A1;accepted;;;;;A1',
      'montag.csv;3;A2;rejected;not-a-number;Qty;zwei;"keine Zahl; erwartet: 1 oder mehr, gefunden: ""zwei"". Nur Ziffern schreiben, mit einem Punkt als Dezimalzeichen. | Zeile 4 Spalte Zip: die Zeilen 3 und 4 desselben Belegs widersprechen sich; erwartet: ""45402"" wie in Zeile 3, gefunden: ""45403"". Die Zeilen angleichen oder ihnen verschiedene Schlüssel geben.";',
      'montag.csv;6;A3;rejected;missing-value;Zip;;"ein Wert fehlt; erwartet: Postleitzahl; in den USA 5 Ziffern oder ZIP+4; 1 bis 20 Zeichen. Die Zelle ausfüllen.";',
    ]);
    const rejected = await readLatin(workspace, 'erp/orders/results/montag.rejected.csv');
    expect(rejected.map((line) => line.split(';"').slice(1).join(';"')).slice(1, -1)).toEqual([
      'not-a-number";"Qty";"keine Zahl; erwartet: 1 oder mehr, gefunden: ""zwei"". Nur Ziffern schreiben, mit einem Punkt als Dezimalzeichen."',
      'conflicting-values";"Zip";"die Zeilen 3 und 4 desselben Belegs widersprechen sich; erwartet: ""45402"" wie in Zeile 3, gefunden: ""45403"". Die Zeilen angleichen oder ihnen verschiedene Schlüssel geben."',
      'not-a-number";"";"Zusammen mit Beleg A2 abgelehnt wegen Zeile 3 in montag.csv."',
      'missing-value";"Zip";"ein Wert fehlt; erwartet: Postleitzahl; in den USA 5 Ziffern oder ZIP+4; 1 bis 20 Zeichen. Die Zelle ausfüllen."',
    ]);
    // Commands speak to those who run dray.
    const status = await workspace.run(['status', 'A2']);
    expect(status.stdout).toContain('lines 3 and 4 of one document disagree');
    expect(`${ran.stdout}${ran.stderr}${status.stdout}`).not.toMatch(/Zeile|keine Zahl/);
  });

  test('mends the sheet and drops it again; what came twice is told in German too', async () => {
    const workspace = await open({ format: 'csv', read: 'format: csv\n  delimiter: ";"\n  encoding: iso-8859-1' });
    const sheet = (rows: readonly (readonly string[])[]) =>
      Buffer.from([HEADER, ...rows].map((cells) => `${cells.join(';')}\r\n`).join(''), 'latin1');
    await workspace.put('erp/orders/in/montag.csv', sheet(ROWS));
    await workspace.run(['run', '--once']);
    const rejected = await readFile(workspace.path('erp/orders/results/montag.rejected.csv'));
    const mended = rejected
      .toString('latin1')
      .replace(';zwei;', ';2;')
      .replace(';45403;', ';45402;')
      .replace('OH;;10', 'OH;45402;10');
    await workspace.put('erp/orders/in/mittag.csv', Buffer.from(mended, 'latin1'));
    await workspace.put('erp/orders/in/nochmal.csv', sheet(ROWS.slice(0, 1)));
    expect((await workspace.run(['run', '--once'])).code).toBe(0);
    expect((await readLatin(workspace, 'erp/orders/results/mittag.result.csv')).slice(1, 3)).toEqual([
      'mittag.csv;2;A2;accepted;;;;;A2',
      'mittag.csv;5;A3;accepted;;;;;A3',
    ]);
    expect((await readLatin(workspace, 'erp/orders/results/nochmal.result.csv'))[1]).toBe(
      'nochmal.csv;2;A1;already-received;already-received;;;"Derselbe Beleg kam schon mit orders/in/montag.csv; er wurde nicht noch einmal gesendet.";A1',
    );
  });

  test('finds the comments of the reject workbook and the result workbook in German', async () => {
    const workspace = await open({ format: 'xlsx', read: 'format: xlsx' });
    const data = [HEADER, ...ROWS].map((cells, index) => row(index + 1, cells)).join('');
    await workspace.put('erp/orders/in/montag.xlsx', await makeWorkbook({ sheets: { Auftraege: data } }));
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    const [rejected, result] = await Promise.all(
      ['rejected', 'result'].map(async (kind) =>
        unzip(await readFile(workspace.path(`erp/orders/results/montag.${kind}.xlsx`))),
      ),
    );
    const comments = [...(rejected?.['xl/comments1.xml'] ?? '').matchAll(/ref="(\w+)".*?<t [^>]*>([^<]*)/g)];
    expect(comments.map(([, cell, text]) => `${cell ?? ''} ${text ?? ''}`)).toEqual([
      'J2 keine Zahl; erwartet: 1 oder mehr, gefunden: &quot;zwei&quot;. Nur Ziffern schreiben, mit einem Punkt als Dezimalzeichen.',
      expect.stringMatching(
        /^G3 die Zeilen 3 und 4 desselben Belegs widersprechen sich; .*gefunden: &quot;45403&quot;/,
      ),
      'G5 ein Wert fehlt; erwartet: Postleitzahl; in den USA 5 Ziffern oder ZIP+4; 1 bis 20 Zeichen. Die Zelle ausfüllen.',
    ]);
    const sheet = result?.['xl/worksheets/sheet1.xml'] ?? '';
    for (const text of ['not-a-number', 'keine Zahl; erwartet: 1 oder mehr', 'Die Zelle ausfüllen.', 'accepted'])
      expect(sheet).toContain(text);
    expect(rejected?.['xl/worksheets/sheet1.xml']).toContain('Zusammen mit Beleg A2 abgelehnt wegen Zeile 3');
  });

  test('is told in German why a whole file is refused', async () => {
    const workspace = await open({ format: 'csv', read: 'format: csv' });
    await workspace.put('erp/orders/in/export.csv', `${HEADER.join(';')}\n${ROWS[0]?.join(';') ?? ''}\n`);
    expect((await workspace.run(['run', '--once'])).code).toBe(1);
    expect(await workspace.read('erp/orders/results/export.result.csv')).toContain(
      'refused,wrong-delimiter,,,"nur 1 Spalte gefunden; die Kopfzeile scheint durch "";"" getrennt. Die Datei mit "","" zwischen den Spalten speichern, sep=; in eine eigene erste Zeile schreiben oder im Mapping delimiter: "";"" setzen.",',
    );
  });
});

describe('texts of a site', () => {
  const check = async (texts: unknown, files: Readonly<Record<string, string>> = {}) => {
    const workspace = await open({ texts, format: 'csv', read: 'format: csv' });
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(workspace.path(name)), { recursive: true });
      await writeFile(workspace.path(name), text);
    }
    const { code, stdout } = await workspace.run(['check']);
    return { code, lines: stdout.split('\n').filter((line) => /texts|nl\.yaml/.test(line)), workspace };
  };

  test('are complete in German, and dray check says so', async () => {
    const { code, lines } = await check(german);
    expect({ code, lines }).toEqual({ code: 0, lines: ['texts: all are translated'] });
  });

  test('may be begun: what is missing or empty is counted and stays English', async () => {
    const { code, lines, workspace } = await check('nl.yaml', {
      'nl.yaml': '"not a number": geen getal\n"too long": ""\n"Fill in the cell.":\n',
    });
    expect(code).toBe(0);
    expect(lines).toEqual([expect.stringMatching(/^texts: \d{3} are not translated and stay English$/)]);
    await workspace.put('erp/orders/in/a.csv', [HEADER, ...ROWS].map((cells) => `${cells.join(',')}\n`).join(''));
    await workspace.run(['run', '--once']);
    const result = await workspace.read('erp/orders/results/a.result.csv');
    expect(result).toContain('geen getal; expected 1 or more, got ""zwei"". Write digits');
    expect(result).toContain('Fill in the cell.');
  });

  test('that dray does not know are told with the text that is near, and stop nothing', async () => {
    const { code, lines } = await check(['nl.yaml'], { 'nl.yaml': '"not a nummer": geen getal\n' });
    expect(code).toBe(0);
    expect(lines[0]).toBe(
      'nl.yaml:1:1 unknown-key there is no such text to translate; got "not a nummer". Did you mean "not a number"?',
    );
  });

  test('are refused when a translation loses a value or makes one up', async () => {
    const { code, lines } = await check('nl.yaml', {
      'nl.yaml':
        '"lines {0} and {1} of one document disagree": regels {0} en {2}\n"too long": "te lang: {0}"\n"{0} or more": meer\n',
    });
    expect(code).toBe(2);
    expect(lines).toEqual([
      'nl.yaml:1:1 wrong-value the translation has other places than its text; expected {0} and {1}, got "{0} and {2}".',
      'nl.yaml:2:1 wrong-value the translation has other places than its text; expected none, got "{0}".',
      'nl.yaml:3:1 wrong-value the translation has other places than its text; expected {0}, got "".',
    ]);
  });

  test.each([
    ['is not there', {}, /config\.yaml:\d+:\d+ missing-file cannot read nl\.yaml\.$/],
    ['is a list', { 'nl.yaml': '- too long\n' }, /^nl\.yaml:1:1 wrong-type the file is not a list of texts/],
    ['holds more than texts', { 'nl.yaml': '"too long": [te, lang]\n' }, /^nl\.yaml:1:1 wrong-type the translation is/],
    ['says one text twice', { 'nl.yaml': '"too long": a\n"too long": b\n' }, /^nl\.yaml:2:1 bad-yaml /],
    ['is no YAML', { 'nl.yaml': '"too long: a\n' }, /^nl\.yaml:\d+:\d+ bad-yaml /],
  ])('are refused when their file %s', async (_what, files: Record<string, string>, message) => {
    const { code, lines } = await check(['nl.yaml'], files);
    expect(code).toBe(2);
    expect(lines[0] ?? '').toMatch(message);
  });

  test('of a later file replace those of an earlier one', async () => {
    const workspace = await open({
      texts: [...german, 'own.yaml'],
      format: 'csv',
      read: 'format: csv',
    });
    await workspace.put('own.yaml', '"Fill in the cell.": Bitte im Leitstand nachfragen.\n');
    await workspace.put('erp/orders/in/a.csv', [HEADER, ...ROWS].map((cells) => `${cells.join(',')}\n`).join(''));
    await workspace.run(['run', '--once']);
    expect(await workspace.read('erp/orders/results/a.result.csv')).toContain('Bitte im Leitstand nachfragen.');
  });

  test('work as docs/delivery.md shows them', async () => {
    const page = await readFile(join(repository, 'docs/delivery.md'), 'utf8');
    const [, section = ''] = page.split('## Answers in another language');
    const [setting = '', own = ''] = [...section.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text);
    const { texts } = parse(setting) as { texts: string[] };
    const workspace = await open({
      texts: texts.map((path) => (path === 'texts/own.yaml' ? path : join(repository, path))),
      format: 'csv',
      read: 'format: csv',
    });
    await workspace.put('texts/own.yaml', own);
    expect((await workspace.run(['check'])).stdout).toContain('texts: all are translated');
    await workspace.put('erp/orders/in/a.csv', [HEADER, ...ROWS].map((cells) => `${cells.join(',')}\n`).join(''));
    await workspace.run(['run', '--once']);
    const result = await workspace.read('erp/orders/results/a.result.csv');
    expect(result).toContain('Im Leitstand nachfragen, dann die Zelle ausfüllen.');
    expect(result).toContain('Zeile 4 Spalte Zip: Zeile 4 passt nicht zu Zeile 3; erwartet: ""45402"" wie in Zeile 3');
  });

  test('are all in the schema for editors', async () => {
    const { workspace } = await check(german);
    const { stdout } = await workspace.run(['schema', 'texts']);
    const schema = JSON.parse(stdout) as { properties: Record<string, unknown> };
    expect(Object.keys(schema.properties)).toContain('lines {0} and {1} of one document disagree');
  });
});

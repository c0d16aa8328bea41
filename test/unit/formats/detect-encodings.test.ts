import { describe, expect, test } from 'vitest';
import { createTextWriter } from '../../../src/formats/text/encodings.ts';
import { detect } from './detect-help.ts';

const german = `Bestellnummer;Straße;Ort;Bemerkung
W-1;Königsallee 12;Düsseldorf;Bitte früh liefern, Tür öffnet schwer
W-2;Gänsemarkt 3;Köln;Größe prüfen
`;
const french = `Numéro;Prénom;Ville;Note
1;Hélène;Besançon;à côté de l’église
2;Zoë;Orléans;déjà payé
`;
const japanese = `注文番号,商品名,数量
A-1,りんごジュース,3
A-2,日本酒,12
`;
const chinese = `订单号,商品,数量
A-1,苹果汁,3
A-2,上海啤酒,12
`;

async function encodingOf(text: string, encoding: string) {
  const bytes = createTextWriter(encoding)(text, (character) => {
    throw new Error(`${encoding} lacks ${character}`);
  });
  const { points } = await detect(bytes);
  const found = points.find(({ option }) => option === 'encoding');
  return { value: found?.value, sureness: found?.sureness, alternatives: found?.alternatives ?? [] };
}

describe('encodings', () => {
  test.each([
    [german, 'utf-8', 'certain'],
    [german, 'windows-1252', 'likely'],
    [german, 'cp850', 'likely'],
    [german, 'macintosh', 'likely'],
    [french, 'windows-1252', 'likely'],
    [japanese, 'shift_jis', 'likely'],
    [chinese, 'gb18030', 'likely'],
    [german, 'utf-16le', 'certain'],
    [german, 'utf-16be', 'certain'],
  ])('%j in %s is told, %s', async (text, encoding, sureness) => {
    expect(await encodingOf(text, encoding)).toMatchObject({ value: encoding, sureness });
  });

  test('where two encodings read a file the same, the other is named and nothing is in doubt', async () => {
    expect(await encodingOf(german, 'iso-8859-15')).toEqual({
      value: 'windows-1252',
      sureness: 'likely',
      alternatives: ['iso-8859-15'],
    });
    expect(await encodingOf(german, 'cp437')).toMatchObject({ value: 'cp850', alternatives: ['cp437'] });
  });

  test('a euro sign tells windows-1252 from iso-8859-15', async () => {
    const priced = 'SKU;Preis\nA;12,50 €\nB;3,00 €\n';
    expect((await encodingOf(priced, 'windows-1252')).value).toBe('windows-1252');
    expect((await encodingOf(priced, 'iso-8859-15')).value).toBe('iso-8859-15');
  });

  test('EBCDIC is told by its letters; which code page only where a sign tells', async () => {
    const text = 'ORDERNO,SKU,QTY\nA1001,CAP STD,2\nA1002,MUG 350,14\n';
    expect(await encodingOf(text, 'ebcdic-037')).toMatchObject({ value: 'ebcdic-037', sureness: 'likely' });
    expect(await encodingOf(text.replaceAll(',', '|'), 'ebcdic-037')).toMatchObject({ value: 'ebcdic-037' });
    expect(await encodingOf(text.replaceAll(',', '|'), 'ebcdic-500')).toMatchObject({ sureness: expect.any(String) });
  });

  test('a letter beyond ASCII far behind the first MiB still counts', async () => {
    const rows = 'A-1000001,CAP-STD,2\n'.repeat(80_000);
    expect(await encodingOf(`Key,Name,Qty\n${rows}A-2,Müller,1\n`, 'windows-1252')).toMatchObject({
      value: 'windows-1252',
    });
    expect(await encodingOf(`Key,Name,Qty\n${rows}A-2,Müller,1\n`, 'utf-8')).toMatchObject({ value: 'utf-8' });
  });

  test('UTF-8 with a damaged byte is still UTF-8, and a person must look', async () => {
    const bytes = Buffer.concat([Buffer.from(german.repeat(5)), Buffer.from([0xe4]), Buffer.from('\n')]);
    const { points } = await detect(bytes);
    expect(points.find(({ option }) => option === 'encoding')).toMatchObject({ value: 'utf-8', sureness: 'unsure' });
  });

  test('bytes that are no text are refused, wherever the file is cut into pieces', async () => {
    const noise = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919 + (index >> 3) * 31) % 256));
    for (const size of [1, 7, 4096]) {
      const { format, issues } = await detect(noise, 'noise.bin', size);
      expect([format, issues.map(({ code }) => code)]).toEqual([undefined, ['contains-nul']]);
    }
    const { issues } = await detect(Buffer.from([0x02, 0x03, 0x04, 0x80, 0x81, 0xfe, 0x05, 0x06]));
    expect(issues.map(({ code }) => code)).toEqual(['not-text']);
  });

  test('what is found does not depend on how the bytes come', async () => {
    const bytes = createTextWriter('windows-1252')(german, () => '?');
    const whole = await detect(bytes);
    expect(await detect(bytes, 'orders.csv', 1)).toEqual(whole);
    expect(await detect(bytes, 'orders.csv', 13)).toEqual(whole);
  });

  test('why it is so is told without words of the file, which may be names of people', async () => {
    const { points } = await detect(createTextWriter('windows-1252')(french, () => '?'));
    const { why = '' } = points.find(({ option }) => option === 'encoding') ?? {};
    expect(why).toContain('é');
    expect(why).not.toMatch(/l.ne|Zo/);
  });
});

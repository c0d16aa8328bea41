/** What spreadsheet programs write where a formula failed, by language. Whole words: any other text with a hash is data. */
const errors: readonly string[] = [
  // English, and what other languages share with it
  '#REF! #N/A #VALUE! #NAME? #DIV/0! #NUM! #NULL! #SPILL! #CALC! #FIELD! #BLOCKED! #UNKNOWN! #CONNECT! #BUSY! #PYTHON!',
  '#EXTERNAL! #ERROR! #GETTING_DATA',
  // German
  '#BEZUG! #NV #WERT! #ZAHL! #ÜBERLAUF! #FELD! #BLOCKIERT! #UNBEKANNT! #KALK! #DATEN_ABRUFEN',
  // French
  '#VALEUR! #NOM? #NOMBRE! #NUL! #PROPAGATION! #CHAMP! #BLOQUE! #INCONNU!',
  // Spanish, with and without the leading mark
  '#N/D #VALOR! #¡VALOR! #¡REF! #¿NOMBRE? #NOMBRE? #¡NUM! #¡DIV/0! #¡NULO! #¡DESBORDAMIENTO! #¡CALC!',
  // Italian and Portuguese
  '#VALORE! #RIF! #NOME? #NULLO! #ESPANSIONE! #NÚM! #NULO! #DESPEJAR! #TRANSBORDAMENTO!',
  // Dutch
  '#WAARDE! #VERW! #N/B #NAAM? #GETAL! #DEEL/0! #LEEG! #OVERLOOP!',
  // Polish, Czech, Hungarian
  '#ARG! #ADR! #NAZWA? #LICZBA! #DZIEL/0! #ZERO! #HODNOTA! #ODKAZ! #NÁZEV? #ČÍSLO! #DĚLENÍ_NULOU! #NENÍ_K_DISPOZICI',
  '#ÉRTÉK! #HIV! #HIÁNYZIK #NÉV? #SZÁM! #ZÉRÓOSZTÓ! #NULLA!',
  // Swedish, Danish, Norwegian, Finnish
  '#VÄRDEFEL! #REFERENS! #SAKNAS! #NAMN? #OGILTIGT! #DIVISION/0! #SKÄRNING! #VÆRDI! #REFERENCE! #I/T #NAVN? #VERDI!',
  '#ARVO! #VIITTAUS! #PUUTTUU! #NIMI? #LUKU! #JAKO/0! #TYHJÄ!',
  // Turkish and Russian
  '#DEĞER! #BAŞV! #YOK #AD? #SAYI! #SAYI/0! #BOŞ! #ЗНАЧ! #ССЫЛКА! #Н/Д #ИМЯ? #ЧИСЛО! #ДЕЛ/0! #ПУСТО!',
];

const known: ReadonlySet<string> = new Set(errors.flatMap((line) => line.split(' ')));
const LONGEST_ERROR = Math.max(...[...known].map((error) => error.length));

/** Whether a text is such an error, or the hashes of a column that was too narrow. */
export function isSpreadsheetError(text: string): boolean {
  return /^##+$/.test(text) || (text.length <= LONGEST_ERROR && known.has(text.normalize('NFC')));
}

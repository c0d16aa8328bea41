/**
 * Code tables of single-byte encodings, made by another program (CPython's codecs): files are written and damaged files are
 * read by these, never by the tables of the program.
 */

/** The characters of the bytes 80 to FF; the bytes below are ASCII. A byte without a character stands for its C1 control. */
export const upperHalves: Readonly<Record<string, string>> = {
  'windows-1252':
    '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ' +
    '\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿' +
    'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß' +
    'àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
  'iso-8859-15':
    '\u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009a\u009b\u009c\u009d\u009e\u009f' +
    '\u00a0¡¢£€¥Š§š©ª«¬\u00ad®¯°±²³Žµ¶·ž¹º»ŒœŸ¿' +
    'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß' +
    'àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ' +
    'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
    '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
    'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ' +
    'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
    '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
    'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
};

/** Bytes of the characters U+0000 to U+00FF in hexadecimal. A LF may also be the byte 15, which then no NEL is. */
export const ebcdicBytes: Readonly<Record<string, string>> = {
  'ebcdic-037':
    '00010203372d2e2f1605250b0c0d0e0f101112133c3d322618193f271c1d1e1f' +
    '405a7f7b5b6c507d4d5d5c4e6b604b61f0f1f2f3f4f5f6f7f8f97a5e4c7e6e6f' +
    '7cc1c2c3c4c5c6c7c8c9d1d2d3d4d5d6d7d8d9e2e3e4e5e6e7e8e9bae0bbb06d' +
    '79818283848586878889919293949596979899a2a3a4a5a6a7a8a9c04fd0a107' +
    '202122232415061728292a2b2c090a1b30311a333435360838393a3b04143eff' +
    '41aa4ab19fb26ab5bdb49a8a5fcaafbc908feafabea0b6b39dda9b8bb7b8b9ab' +
    '6465626663679e687471727378757677ac69edeeebefecbf80fdfefbfcadae59' +
    '4445424643479c4854515253585556578c49cdcecbcfcce170dddedbdc8d8edf',
  'ebcdic-500':
    '00010203372d2e2f1605250b0c0d0e0f101112133c3d322618193f271c1d1e1f' +
    '404f7f7b5b6c507d4d5d5c4e6b604b61f0f1f2f3f4f5f6f7f8f97a5e4c7e6e6f' +
    '7cc1c2c3c4c5c6c7c8c9d1d2d3d4d5d6d7d8d9e2e3e4e5e6e7e8e94ae05a5f6d' +
    '79818283848586878889919293949596979899a2a3a4a5a6a7a8a9c0bbd0a107' +
    '202122232415061728292a2b2c090a1b30311a333435360838393a3b04143eff' +
    '41aab0b19fb26ab5bdb49a8abacaafbc908feafabea0b6b39dda9b8bb7b8b9ab' +
    '6465626663679e687471727378757677ac69edeeebefecbf80fdfefbfcadae59' +
    '4445424643479c4854515253585556578c49cdcecbcfcce170dddedbdc8d8edf',
};

/** Bytes of some characters of double-byte encodings: many end in a byte that by itself is a delimiter, a quote or a backslash. */
export const doubleBytes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  shift_jis: {
    表: '955c',
    ソ: '835c',
    能: '945c',
    ポ: '837c',
    ミ: '837e',
    東: '938c',
    京: '8b9e',
    ｱ: 'b1',
    ｿ: 'bf',
    '①': '8740',
    ー: '815b',
    '｜': '8162',
    '。': '8142',
    あ: '82a0',
    漢: '8abf',
    十: '8f5c',
  },
  gb18030: {
    東: '967c',
    京: 'bea9',
    Ä: '81308732',
    ä: '81308a31',
    '€': 'a2e3',
    é: 'a8a6',
    一: 'd2bb',
    丂: '8140',
    乗: '815c',
    亅: '817c',
    亊: '817e',
    乣: '8160',
    漢: '9d68',
    '😀': '9439fc36',
    '🚚': '95308e30',
    ｱ: '84319733',
    '。': 'a1a3',
    㐀: '8139ee39',
  },
};

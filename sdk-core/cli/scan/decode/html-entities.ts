/** Names of the letters and signs from U+00A0 on, in their order (HTML 4, Latin-1). */
const LATIN1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute ' +
  'micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig ' +
  'Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash ' +
  'Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc ' +
  'euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml ' +
  'yacute thorn yuml';
const OTHERS: readonly (readonly [string, number])[] = [
  ['amp', 0x26],
  ['lt', 0x3c],
  ['gt', 0x3e],
  ['quot', 0x22],
  ['apos', 0x27],
  ['commat', 0x40],
  ['period', 0x2e],
  ['plus', 0x2b],
  ['lowbar', 0x5f],
  ['hyphen', 0x2d],
];

/** Code points by the names of HTML's character references, those that a name or an address may be written with. */
export const ENTITIES: ReadonlyMap<string, number> = new Map([
  ...OTHERS,
  ...LATIN1.split(' ').map((name, index) => [name, 0xa0 + index] as const),
]);

/** Names of the letters and signs from U+00A0 on, in their order (HTML 4, Latin-1). */
const LATIN1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute ' +
  'micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig ' +
  'Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash ' +
  'Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc ' +
  'euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml ' +
  'yacute thorn yuml';
/** The same from U+0391 and U+03B1 on; nothing has the name of U+03A2. */
const GREEK_CAPITALS =
  'Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau Upsilon Phi ' +
  'Chi Psi Omega';
const GREEK =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon ' +
  'phi chi psi omega';
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
  ['OElig', 0x152],
  ['oelig', 0x153],
  ['Scaron', 0x160],
  ['scaron', 0x161],
  ['Yuml', 0x178],
];

/** Code points by the names of HTML's character references, those that a name or an address may be written with. */
export const ENTITIES: ReadonlyMap<string, number> = new Map([
  ...OTHERS,
  ...named(LATIN1, 0xa0),
  ...named(GREEK_CAPITALS, 0x391),
  ...named(GREEK, 0x3b1),
]);

function named(names: string, first: number): (readonly [string, number])[] {
  return names.split(' ').map((name, index) => [name, first + index]);
}

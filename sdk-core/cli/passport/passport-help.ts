import type { Io } from '../console/io.ts';

export type PassportIo = Pick<Io, 'out' | 'now'>;

export const PASSPORT_HELP = `userref passport verify [FILE] --jwks FILE [--issuer URL] [--site ID] [--status-list FILE …]
  Checks a passport from a file, or from the standard input, without asking anybody.
    --jwks FILE                the issuer's published keys, as {issuer}/jwks gave them
    --issuer URL, --site ID    what it must name. Left out: as the passport says, which proves less
    --status-list FILE         a saved list, as {issuer}/status/… gave it; may be repeated. Without one,
                               a revocation goes unseen until the passport expires
    --max-age SECONDS          oldest list to accept (default: the list's own ttl)
    --allow-stale              accept an older list, never one past its exp

userref passport inspect [FILE]
  Shows what a passport says, a claim a line, with what each means. It checks nothing, and says so.

userref passport mint --test --key FILE --site ID
  Makes a passport for tests, signed by a key that is for nothing else. The key is made when the file is not there,
  together with its key set (FILE with .jwks.json at the end), which a verifier takes instead of the issuer's.
    --issuer URL               issuer of a new key: on this machine, or under .test, .example, .invalid, .localhost
                               (default: https://issuer.test)
    --user-ref REF             whose passport (default: somebody who does not exist)
    --consents NAMES           attributes with a live consent, with commas between
    --assurance LEVEL          low, substantial or high (default: high)
    --expires-in SECONDS       default 3600; --expires-in=-60 makes one that is over
    --nonce TEXT               the nonce of a login

  Everywhere: --json gives one JSON object.

Exit codes: 0 good, shown, or made · 1 refused, with the reason code, or no passport at all · 2 wrong command line or
unreadable file`;

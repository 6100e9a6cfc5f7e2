import { refuseWord } from '../console/refuse-word.ts';
import { inspectPassport } from './inspect.ts';
import { mintPassport } from './mint.ts';
import { PASSPORT_HELP, type PassportIo } from './passport-help.ts';
import { verifyPassportFile } from './verify.ts';

/** @returns the exit code */
export async function passportCommand(args: readonly string[], io: PassportIo): Promise<number> {
  const [verb, ...rest] = args;
  if (verb === 'verify') return verifyPassportFile(rest, io);
  if (verb === 'inspect') return inspectPassport(rest, io);
  if (verb === 'mint') return mintPassport(rest, io);
  const choices = ['verify', 'inspect', 'mint'];
  return refuseWord(verb, { after: 'userref passport', choices, help: PASSPORT_HELP });
}

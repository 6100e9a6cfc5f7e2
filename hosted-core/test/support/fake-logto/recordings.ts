import {
  type RecordedExchange,
  type RecordedResponse,
  type Recordings,
  readCopy,
} from './recordings-source.ts';

let loaded: Recordings | undefined;

/** The recordings of real Logto that are part of the repository. */
export function recordings(): Recordings {
  loaded ??= readCopy();
  return loaded;
}

/** One recorded exchange by its name; a name that was not recorded is an error of the test. */
export function recordedExchange(file: string, name: string): RecordedExchange {
  const found = recordings().exchanges[file]?.find((one) => one.name === name);
  if (!found) throw new Error(`«${name}» was not recorded in ${file}`);
  return found;
}

export function recordedResponse(file: string, name: string): RecordedResponse {
  return recordedExchange(file, name).response;
}

const LOOK_BACK = 160;

/** Whether what begins at `start` stands in a string of PHP's `serialize()`: `s:27:"…`, its quote escaped or not. */
export function isInSerializedString(bytes: Uint8Array, start: number): boolean {
  const before = Buffer.from(bytes.subarray(Math.max(0, start - LOOK_BACK), start)).toString('latin1');
  return /(?:^|[;{:])s:\d{1,9}:\\{0,4}"[^"]*$/.test(before);
}

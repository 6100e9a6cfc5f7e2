/** One line for the person at the terminal. Always stderr: stdout belongs to the command. */
export function say(line) {
  process.stderr.write(`userref: ${line}\n`);
}

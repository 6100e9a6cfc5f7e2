import { spawn } from 'node:child_process';

/** `next build` in a folder, with PATH and nothing else of the environment; gives what it printed. */
export function nextBuild(nextBin: string, folder: string): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, NEXT_TELEMETRY_DISABLED: '1', CI: '1' };
  return new Promise((resolve, reject) => {
    const child = spawn('nice', ['-n', '5', process.execPath, nextBin, 'build'], {
      cwd: folder,
      env: env as unknown as NodeJS.ProcessEnv,
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject).on('close', (code) => {
      const output = Buffer.concat(chunks).toString();
      if (code === 0) resolve(output);
      else reject(new Error(`next build ended with ${code}\n${output}`));
    });
  });
}

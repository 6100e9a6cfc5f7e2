import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { PhpBridges } from '../../children/php-bridge.ts';
import type { PhpEchoes } from '../../children/php-echo.ts';
import { startChild } from '../../children/start-child.ts';
import type { Figure, FigureDefinition, Side } from '../../figures.ts';
import { median, quantile } from '../../measure/statistics.ts';
import type { SuiteContext } from '../../settings.ts';
import { temporaryFolder } from '../start-core.ts';

const CALLS = fileURLToPath(new URL('calls.php', import.meta.url));
/** The cheapest call that PHP has a use for: the key set, from the bridge's memory. */
const PATH = '/v1/jwks';

const MEANING =
  'p50 of a call of real PHP, a connection each: /v1/jwks of the bridge ÷ bare Fastify, same answer';
const SOCKET: FigureDefinition = {
  name: 'bridge_socket_p50_over_echo',
  unit: 'ratio',
  aim: { atMost: 1.5 },
  meaning: `${MEANING}, on a unix socket`,
};
const TCP: FigureDefinition = {
  name: 'bridge_tcp_p50_over_echo',
  unit: 'ratio',
  aim: { atMost: 1.5 },
  meaning: `${MEANING}, on a loopback port`,
};

/** What the bridge costs above the server that it is made of. */
export async function bridgeFigures(context: SuiteContext): Promise<Figure[]> {
  const folder = temporaryFolder(context);
  const bridge = await startChild<PhpBridges>(context, { file: 'php-bridge.ts', config: { folder } });
  const config = { folder, path: PATH, answer: await answerOf(bridge) };
  const echo = await startChild<PhpEchoes>(context, { file: 'php-echo.ts', config });
  context.note('calling from PHP, a connection each');
  const targets = [bridge.socket, echo.socket, bridge.tcp, echo.tcp];
  const [bridgeSocket = [], echoSocket = [], bridgeTcp = [], echoTcp = []] = await callFromPhp(context, {
    targets,
    secret: bridge.secret,
  });
  const share = (overhead: string) => [
    `${overhead} ms more than bare Fastify at p50; connecting, HTTP and PHP's own curl are the rest, on both sides`,
  ];
  return [
    figure(SOCKET, { ours: bridgeSocket, base: echoSocket, detailsOf: share }),
    figure(TCP, { ours: bridgeTcp, base: echoTcp, detailsOf: share }),
  ];
}

/** Milliseconds of each call, slice by slice. */
type Slices = readonly (readonly number[])[];

async function callFromPhp(
  { pace, signal }: SuiteContext,
  { targets, secret }: { targets: readonly string[]; secret: string },
): Promise<readonly Slices[]> {
  const { slices, sliceMs, warmUpMs } = pace;
  const php = spawn('php', [CALLS], { stdio: ['pipe', 'pipe', 'inherit'], signal });
  const ended = once(php, 'close');
  php.stdin.end(JSON.stringify({ targets, path: PATH, secret, slices, sliceMs, warmUpMs }));
  const said = await text(php.stdout);
  const [code] = await ended;
  if (code !== 0) throw new Error(`PHP ended with ${code}`);
  return JSON.parse(said) as Slices[];
}

function figure(
  definition: FigureDefinition,
  { ours, base, detailsOf }: { ours: Slices; base: Slices; detailsOf: (overhead: string) => string[] },
): Figure {
  const ratios = ours.map((slice, round) => median(slice) / median(base[round] ?? []));
  const [oursSide, baseSide] = [side('bridge', ours), side('bare Fastify', base)];
  return {
    definition,
    ...{ value: median(ratios), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) },
    ...{ ours: oursSide, base: baseSide },
    details: detailsOf((oursSide.p50 - baseSide.p50).toFixed(3)),
  };
}

function side(name: string, slices: Slices): Side {
  const all = slices.flat();
  return { name, p50: median(all), p99: quantile(all, 0.99) };
}

function answerOf({ tcp, secret }: PhpBridges): Promise<unknown> {
  return new Promise((done, fail) => {
    request(`${tcp}${PATH}`, { headers: { authorization: `Bearer ${secret}` } }, (response) => {
      text(response).then((body) => done(JSON.parse(body)), fail);
    })
      .on('error', fail)
      .end();
  });
}

import { Problem } from '../console/problem.ts';
import type { Change, Plan } from './change.ts';
import type { Project } from './project.ts';

const PACKAGE = '@userref/sdk-next';
/** From this version on the file is called proxy. */
const PROXY_SINCE = 16;

/** The App Router: one file that sets up the SDK, one route, one proxy. */
export function planNext(project: Project): Plan {
  const version = project.dependency('next');
  if (version === undefined) {
    throw new Problem({
      what: 'This project has no next.',
      fix: 'npx create-next-app, or: userref add express',
    });
  }
  // In this order, as Next looks for it itself.
  const source = ['', 'src/'].find((folder) => project.has(`${folder}app`));
  if (source === undefined) {
    throw new Problem({
      what: 'There is no app folder, so this is no site on the App Router.',
      fix: 'For the Pages Router follow the README of @userref/sdk-next, "Pages Router".',
    });
  }
  const end = project.isTypeScript ? 'ts' : 'js';
  const { change: proxy, notes } = planProxy(project, { source, end, version });
  const wanted = [
    { path: `${source}userref.${end}`, after: SET_UP },
    { path: `${source}app/userref/[...userref]/route.${end}`, after: ROUTE },
  ];
  const files = wanted.filter(({ path }) => !project.has(path)).map((file) => ({ ...file, before: null }));
  return {
    changes: [...files, ...proxy, ...project.ignoreChange()],
    notes: [...project.installNote(PACKAGE), ...notes],
  };
}

function planProxy(
  project: Project,
  { source, end, version }: { source: string; end: string; version: string },
): { change: Change[]; notes: string[] } {
  const major = Number(/\d+/.exec(version)?.[0] ?? PROXY_SINCE);
  const name = major >= PROXY_SINCE ? 'proxy' : 'middleware';
  const own = ['proxy', 'middleware']
    .flatMap((file) => ['ts', 'js', 'mts', 'mjs'].map((one) => `${source}${file}.${one}`))
    .find((path) => project.has(path));
  if (own === undefined) {
    return { change: [{ path: `${source}${name}.${end}`, before: null, after: proxyFile(name) }], notes: [] };
  }
  if (project.read(own)?.includes('userref')) return { change: [], notes: [] };
  return {
    change: [],
    notes: [
      `${own} is yours: let it end with \`return userref.${name}(request)\`, as the README of ${PACKAGE} shows`,
    ],
  };
}

const SET_UP = `import { createUserref } from '${PACKAGE}';

// Settings and secrets come from the environment (.env.local, by \`userref dev\`) at the first request.
export const userref = createUserref();

export const { getUser, requireUser, requireConsent, fetchAttributes, ConsentGate } = userref;
`;

const ROUTE = `import { userref } from '../../../userref';

export const { GET, POST } = userref.handlers;
`;

function proxyFile(name: 'proxy' | 'middleware'): string {
  return `import { userref } from './userref';

export const ${name} = userref.${name};

// Everything but files of the build; addresses of the SDK look after themselves.
export const config = { matcher: ['/((?!_next/|userref/).*)'] };
`;
}

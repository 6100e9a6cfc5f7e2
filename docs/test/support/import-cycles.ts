import type { SourceFile } from './source-file.ts';

/** Every cycle of imports that exist at run time, once each, as `a → b → a`. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(files.map((file) => [file.path, targetsOf(file)]));
  const cycles = new Set<string>();
  const done = new Set<string>();

  const walk = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.add(canonical(trail.slice(start)));
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };

  for (const path of graph.keys()) walk(path, []);
  return [...cycles].sort();
}

function targetsOf(file: SourceFile): string[] {
  return file.imports.flatMap((entry) => (entry.typeOnly || entry.path === undefined ? [] : [entry.path]));
}

/** The same cycle reads the same wherever it was entered. */
function canonical(cycle: readonly string[]): string {
  const first = cycle.indexOf([...cycle].sort()[0] ?? '');
  const turned = [...cycle.slice(first), ...cycle.slice(0, first)];
  return [...turned, turned[0]].join(' → ');
}

import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, repositoryFiles, root } from './support/repository-files.ts';

const files = repositoryFiles();
const pages = files.filter((path) => path.endsWith('.md'));

/** What is shown of a page, without the code that it quotes. */
const prose = (path: string) => readText(path).replace(/^```[\s\S]*?^```/gm, '');

describe('a page', () => {
  it('links to files and headings that are there', () => {
    const broken = pages.flatMap((page) => linksOf(page).filter((link) => !leadsSomewhere(page, link)));
    expect(broken).toEqual([]);
    expect(leadsSomewhere('README.md', 'CONTRIBUTING.md#house-rules')).toBe(true);
    expect(leadsSomewhere('README.md', 'CONTRIBUTING.md#no-such-heading')).toBe(false);
    expect(leadsSomewhere('README.md', 'no-such-file.md')).toBe(false);
  });

  it('of the guides or the reference can be found from docs/README.md', () => {
    const named = linksOf('docs/README.md');
    const wanted = files
      .map((path) => /^docs\/((?:guides|reference)\/[^/]+\.md)$/.exec(path)?.[1])
      .filter((path) => path !== undefined);
    expect(wanted.filter((path) => !named.includes(path))).toEqual([]);
  });
});

function linksOf(page: string): string[] {
  const text = prose(page).replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), decodeURI(path)));
  if (!existsSync(join(root, target))) return false;
  return heading === undefined || anchorsOf(target).includes(heading);
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...prose(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

import { describe, expect, it } from 'vitest';
import * as clientEntry from '../../src/client.ts';
import * as mainEntry from '../../src/index.ts';
import * as pagesEntry from '../../src/pages.ts';

describe('pain 7: every major version hurts', () => {
  it('what the entries export is written down, so that a name goes only on purpose', () => {
    const names = (entry: object) => Object.keys(entry).sort();
    expect({
      '.': names(mainEntry),
      './client': names(clientEntry),
      './pages': names(pagesEntry),
    }).toMatchInlineSnapshot(`
      {
        ".": [
          "ConsentRequiredError",
          "UserrefError",
          "createUserref",
          "memorySessionStore",
        ],
        "./client": [
          "useUser",
        ],
        "./pages": [
          "ConsentRequiredError",
          "UserrefError",
          "createUserref",
          "memorySessionStore",
        ],
      }
    `);
  });
});

describe('pain 6: the next major of Next.js renames the file, and the SDK breaks', () => {
  it('both names are there at once, for both routers’ sites, and stay the same function', () => {
    const { proxy, middleware } = mainEntry.createUserref();
    expect(middleware).toBe(proxy);
  });
});

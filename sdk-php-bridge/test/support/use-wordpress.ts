import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Browser } from '../../../hosted-core/test/support/browser.ts';
import { ChangedConstants } from './changed-constants.ts';
import {
  anotherPerson,
  startTestWordPress,
  type TestWordPress,
  type TestWordPressOptions,
} from './wordpress.ts';

/** One WordPress for the tests of a file; each test has a person and a browser of its own, and may change things. */
export interface WordPressUnderTest extends TestWordPress {
  readonly browser: Browser;
  /** Settings in wp-config.php for the rest of the test. */
  readonly constants: ChangedConstants;
  /** What is done after the test, the latest first. */
  readonly undo: (() => unknown)[];
  url(path: string): string;
  /** The page, as the test's browser gets it. */
  text(path: string, of?: Browser): Promise<string>;
  /** Whether the start page is that of somebody who is signed in. */
  isGreeted(): Promise<boolean>;
  userRef(): string;
  /** PHP that speaks of the member as `$user`. */
  member(php: string): ReturnType<TestWordPress['ask']>;
}

/** Starts it before the tests of this file; `under` has nothing before that. */
export function useWordPress(options: TestWordPressOptions = {}): WordPressUnderTest {
  const under = {} as { -readonly [Name in keyof WordPressUnderTest]: WordPressUnderTest[Name] };
  Object.assign(under, {
    undo: [],
    url: (path: string) => `${under.site.url}${path}`,
    text: async (path: string, of = under.browser) => (await of.fetch(under.url(path))).text(),
    isGreeted: async () => /class="[^"]*logged-in/.test(await under.text('/')),
    userRef: () => under.core.person.userRef,
    member: (php: string) => under.ask(`$user = get_user_by('login', '${under.userRef()}'); ${php}`),
  } satisfies Partial<WordPressUnderTest>);

  beforeAll(async () => {
    Object.assign(under, await startTestWordPress(options));
    under.constants = await ChangedConstants.of(under);
  }, 120_000);
  afterAll(() => under.stop?.());
  beforeEach(() => {
    under.browser = new Browser();
    anotherPerson(under.core);
  });
  afterEach(async () => {
    under.constants.undo();
    for (const step of under.undo.splice(0).reverse()) await step();
  });
  return under;
}

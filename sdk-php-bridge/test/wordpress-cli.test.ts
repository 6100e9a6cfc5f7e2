import { beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { Browser } from '../../hosted-core/test/support/browser.ts';
import { ensurePhp } from './support/php.ts';
import { useWordPress } from './support/use-wordpress.ts';
import { testPlugin } from './support/wordpress.ts';

const problem = ensurePhp() ?? ensureWordPress();

interface Said {
  readonly code: number;
  readonly said: string;
}

/** WP-CLI is not in Debian: a stand-in takes the commands by their help texts, as its documentation says. */
describe.skipIf(problem !== undefined)('wp userref', () => {
  const word = useWordPress({ mustUsePlugins: [testPlugin('wp-cli')] });
  const { userRef } = word;
  let secret: string;
  const run = (command: string, args: readonly string[] = [], options: Record<string, string> = {}) =>
    word.ask(`delete_site_transient('userref_breaker');
      return WP_CLI::run('userref', '${command}', json_decode('${JSON.stringify(args)}', true),
      json_decode('${JSON.stringify(options)}', true));`) as Promise<Said>;
  const isSignedIn = () => word.isSignedIn(word.browser);

  beforeAll(async () => {
    secret = await word.ask('return USERREF_BRIDGE_SECRET;');
  });

  it('explains every command', async () => {
    const help = await word.ask(`return WP_CLI::help('userref');`);
    expect(Object.keys(help).sort()).toEqual(['catch-up', 'doctor', 'prune', 'revoke', 'status']);
    for (const one of Object.values<{ short: string }>(help)) expect(one.short).toMatch(/^[A-Z].{20,}\.$/);
    expect(help.revoke.options).toEqual(['<user>...']);
    expect(help.doctor).toMatchObject({ options: ['[--format=<format>]'], defaults: { format: 'table' } });
  });

  it('doctor asks what Site Health asks, and ends with 0 when all is well', async () => {
    const { code, said } = await run('doctor', [], { format: 'json' });
    const rows = JSON.parse(said) as { check: string; status: string }[];
    expect(rows.map(({ check }) => check)).toEqual(expect.arrayContaining(['bridge', 'webhook', 'sessions']));
    expect(rows.filter(({ status }) => status === 'critical')).toEqual([]);
    expect(code).toBe(0);
    expect((await run('doctor')).said).toMatch(/^table/);
  });

  it('doctor ends with 1 when something is critical', async () => {
    word.site.setConstants({ USERREF_BRIDGE_SECRET: 'x'.repeat(43) });
    const { code, said } = await run('doctor', [], { format: 'json' });
    word.site.setConstants({ USERREF_BRIDGE_SECRET: secret });
    expect(code).toBe(1);
    expect(said).toContain('does not know this site');
  });

  it('status shows the settings, and no secret', async () => {
    const { code, said } = await run('status', [], { format: 'json' });
    expect(code).toBe(0);
    expect(JSON.parse(said)).toContainEqual({ name: 'USERREF_SITE', value: 'shop-a (wp-config.php)' });
    expect(said).not.toContain(secret);
    expect(said).not.toContain(word.core.webhookSecret);
  });

  it.each(['user_ref', 'id'])('revoke signs a person out by their %s, everywhere', async (by) => {
    const other = new Browser();
    await word.signIn(word.browser);
    await word.signIn(other);
    const id = await word.ask(`return get_user_by('login', '${userRef()}')->ID;`);
    expect(await isSignedIn()).toBe(true);
    const { code } = await run('revoke', [by === 'id' ? `${id}` : userRef()]);
    expect(code).toBe(0);
    expect(await isSignedIn()).toBe(false);
    expect(await word.isSignedIn(other)).toBe(false);
    // Two things, each of which would do: the tokens are gone, and what was copied before is revoked.
    expect(await word.ask(`return get_user_meta(${id}, 'session_tokens', true);`)).toBe('');
    const revoked = `select count(*) from wp_userref_revocations where entry = 'u:${userRef()}'`;
    expect(await word.site.sql(revoked)).toBe('1\n');
  });

  it('revoke names whom it does not know, and signs out the others', async () => {
    await word.signIn(word.browser);
    const { code, said } = await run('revoke', ['4711', userRef(), userRef().toUpperCase(), '1']);
    expect(code).toBe(1);
    expect(said).toContain(`Error: Nobody here signs in by Userref as: 4711, ${userRef().toUpperCase()}, 1`);
    expect(await isSignedIn()).toBe(false);
    expect((await run('revoke')).code).toBe(1);
  });

  it('prune deletes what is over, and nothing else', async () => {
    await word.ask(`$store = UserrefLogin\\Plugin::services()->revocations();
      $store->revokeSession('over', time() - 10); $store->revokeSession('alive', time() + 60); return 1;`);
    expect(await run('prune')).toEqual({ code: 0, said: 'Success: 1 deleted.' });
    expect(await word.site.sql(`select entry from wp_userref_revocations where entry = 's:alive'`)).not.toBe(
      '',
    );
  });

  it('catch-up applies what no webhook has told, and says when the bridge cannot be asked', async () => {
    await word.signIn(word.browser);
    const { sid } = word.core.person;
    await word.core.webhook({
      type: 'session.revoked',
      data: { user_ref: userRef(), sid, reason: 'signed_out' },
    });
    await expect.poll(async () => (await run('catch-up')).said, { timeout: 15_000 }).toBe('Success: 1 new.');
    expect(await isSignedIn()).toBe(false);
    word.site.setConstants({ USERREF_BRIDGE: 'http://127.0.0.1:9' });
    expect(await run('catch-up')).toMatchObject({ code: 1, said: expect.stringContaining('Error: ') });
  });
});

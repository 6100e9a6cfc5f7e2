import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../wordpress-site/test/support/ensure-wordpress.ts';
import { type MoreShop, startMoreShop } from '../src/more-shops.ts';
import { canariesOf } from '../src/start-demo.ts';
import { expectNoPersonalData } from './support/no-personal-data.ts';
import { type RealCore, startRealCore } from './support/real-core.ts';

const noWordPress = ensureWordPress();

describe.skipIf(noWordPress !== undefined)('the demo with a magazine on WordPress', () => {
  const steps: string[] = [];
  let house: RealCore;
  let magazine: MoreShop;

  beforeAll(async () => {
    house = await startRealCore({ site: 'shop', name: 'Shop', attributes: ['contact:email'] });
    magazine = await startMoreShop(
      { word: 'wordpress', port: house.port },
      {
        environment: house.environment,
        dataDir: house.dataDir,
        attributes: ['address:shipping', 'contact:email'],
        onProgress: (step) => steps.push(step),
      },
    );
  });
  afterAll(async () => {
    await magazine?.stop();
    await house?.stop();
  });

  it('says what it is doing, where it is, and how to get into the dashboard', async () => {
    expect(steps).toEqual(['laying WordPress and its database', 'starting WordPress']);
    expect(await (await fetch(magazine.url)).text()).toContain('Quiet places, four times a year.');
    const [, password = ''] = /password (\S+)$/.exec(magazine.note ?? '') ?? [];
    const body = new URLSearchParams({ log: 'admin', pwd: password });
    const login = await fetch(`${magazine.url}/wp-login.php`, {
      method: 'POST',
      body,
      redirect: 'manual',
      headers: { cookie: 'wordpress_test_cookie=WP%20Cookie%20check' },
    });
    expect(login.status).toBe(302);
  });

  it('has its database, logs and uploads searched for personal data', async () => {
    const { places } = await expectNoPersonalData(canariesOf(house.environment.people), magazine.places);
    const database = places.find(({ name }) => name === 'Harbour & Hill: database dump');
    expect(database?.bytes).toBeGreaterThan(30_000);
    expect(places.map(({ name }) => name).join()).toMatch(/uploads.*debug.*php.*mail.*settings/);
  });
});

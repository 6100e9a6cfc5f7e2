import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWordPress } from '../../examples/wordpress-site/test/support/ensure-wordpress.ts';
import { ensurePhp } from './support/php.ts';
import { sharedValues } from './woo/canaries.ts';
import { startTestShop, type TestShop } from './woo/test-shop.ts';

const problem = ensurePhp() ?? ensureWordPress();
/** Where the Checkout block has a rule of its own (`isPostcode`), in its words. */
const RULES_OF_THE_BLOCK: Readonly<Record<string, RegExp>> = {
  BA: /^[78]\d{4}$/,
  GB: /^[A-Z]([A-Z]?\d{1,2}|[A-Z]?\d[A-Z]) ?\d[A-Z]{2}$/,
  IN: /^[1-9]\d{2} ?\d{3}$/,
  JP: /^\d{3}-?\d{4}$/,
  KH: /^\d{6}$/,
  LI: /^94[89]\d$/,
  MN: /^\d{5}$/,
  NI: /^[1-9]\d{4}$/,
  NL: /^[1-9]\d{3} ?(?!SA|SD|SS)[A-Z]{2}$/,
  SI: /^[1-9]\d{3}$/,
};

/** What stands in place of an address must pass for one, in the browser too: an error in a hidden field stops an order. */
describe.skipIf(problem !== undefined)('the constants of a WooCommerce shop', () => {
  let shop: TestShop;
  const need = (fields: readonly string[], value: string) =>
    shop.ask(`
      foreach (${JSON.stringify(fields)} as $field) {
        update_option("woocommerce_checkout_{$field}_field", '${value}');
      }
      return true;`);

  beforeAll(async () => {
    shop = await startTestShop();
  }, 120_000);
  afterAll(() => shop?.stop());

  it('pass for postcodes of every country, in PHP and in the browser', async () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const countries = letters
      .flatMap((first) => letters.map((second) => `${first}${second}`))
      // Not among WooCommerce's countries: Ascension, Tristan da Cunha, and a name for Great Britain.
      .filter((one) => postcodeValidatorExistsForCountry(one) && !['AC', 'TA', 'UK'].includes(one));
    expect(countries.length).toBeGreaterThan(150);
    const postcodes: Record<string, string> = await shop.ask(`
      $codes = [];
      foreach (${JSON.stringify([...countries, 'AE'])} as $country) {
        $codes[$country] = UserrefLogin\\Woo\\SealedAddress::of($country)['postcode'];
      }
      return $codes;`);
    const fits = (country: string, code: string) =>
      RULES_OF_THE_BLOCK[country]?.test(code) ?? postcodeValidator(code, country);
    // The Emirates have no postcodes: the block empties fields that a country does not have.
    expect(postcodes['AE']).toBe('');
    expect(Object.entries(postcodes).filter(([one, code]) => one !== 'AE' && !fits(one, code))).toEqual([]);
  });

  it.each([
    ['required', { company: 'Sealed', address_2: 'Sealed', phone: '0000000000' }],
    ['optional', { company: '', address_2: '', phone: '' }],
  ])('stand in fields that are %s for the shop', async (visibility, shipping) => {
    await need(['company', 'address_2', 'phone'], visibility);
    const visitor = await shop.member();
    await visitor.putIntoCart();
    const { status, body } = await visitor.orderByBlock();
    expect(status, JSON.stringify(body)).toBe(200);
    expect(await shop.lastOrder()).toMatchObject({ shipping });
  });

  it('stand in text fields of the shop’s own that the block hides with the address, where it insists on them', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    const { text } = await visitor.open('/checkout-block/');
    const state = JSON.parse(/data-state="([^"]*)"/.exec(text)?.[1]?.replaceAll('&quot;', '"') ?? '{}');
    for (const address of [state.billing_address, state.shipping_address]) {
      expect(address['shop/door-code']).toBe('Sealed');
      expect(address['shop/floor'] ?? '').toBe('');
    }
    const { billing_address, shipping_address } = state;
    const { status, body } = await visitor.orderByBlock({ billing_address, shipping_address });
    expect(status, JSON.stringify(body)).toBe(200);
    const guest = shop.guest();
    await guest.putIntoCart();
    expect((await guest.open('/checkout-block/')).text).not.toContain('Sealed');
  });

  it('lead to rates for the country that is shared, whatever was posted', async () => {
    const visitor = await shop.member((person) => ({ ...sharedValues(person), 'address:country': 'DE' }));
    const shipping = { country: 'DE', postcode: '99999', city: 'Sealed' };
    await visitor.putIntoCart();
    expect((await visitor.open('/checkout/')).text).toContain('data-shipping="9"');
    expect((await visitor.orderClassic()).body).toMatchObject({ result: 'success' });
    expect(await shop.lastOrder()).toMatchObject({ shipping });
    await visitor.putIntoCart();
    expect((await visitor.orderByBlock()).status).toBe(200);
    expect(await shop.lastOrder()).toMatchObject({ shipping });
  });

  it('keep these rates when the script of the page asks for them without any field', async () => {
    const visitor = await shop.member();
    await visitor.putIntoCart();
    expect((await visitor.open('/checkout/')).text).toContain('data-shipping="5"');
    expect((await visitor.reviewOrder({ hasFields: false })).body).toMatchObject({ shipping: '5' });
    expect((await visitor.reviewOrder()).body).toMatchObject({ shipping: '5' });
  });
});

/** What one shop sells and how it calls itself. The same code runs both; colours are in static/shop.css. */
export interface Brand {
  readonly id: BrandId;
  readonly name: string;
  readonly tagline: string;
  readonly headline: string;
  readonly welcome: string;
  /** Starts every order number, such as `KL-4F7Q2M`. */
  readonly orderPrefix: string;
  readonly products: readonly Product[];
}

export interface Product {
  readonly sku: string;
  readonly name: string;
  readonly note: string;
  /** Euro cents, tax included. */
  readonly priceCents: number;
}

export type BrandId = 'kettle-and-leaf' | 'paper-lantern';

export const brands: Readonly<Record<BrandId, Brand>> = {
  'kettle-and-leaf': {
    id: 'kettle-and-leaf',
    name: 'Kettle & Leaf',
    tagline: 'Loose tea, slowly made',
    headline: 'Tea for the unhurried.',
    welcome: 'Small harvests, picked by hand and packed the week you order.',
    orderPrefix: 'KL',
    products: [
      {
        sku: 'mountain-oolong',
        name: 'Mountain Oolong',
        note: 'Half rolled, floral, 80 g',
        priceCents: 1450,
      },
      { sku: 'jasmine-pearls', name: 'Jasmine Pearls', note: 'Green, hand rolled, 60 g', priceCents: 1290 },
      { sku: 'smoked-pine', name: 'Smoked Pine', note: 'Black, over embers, 80 g', priceCents: 1180 },
      { sku: 'river-clay-pot', name: 'River Clay Pot', note: 'Unglazed, 350 ml', priceCents: 4600 },
    ],
  },
  'paper-lantern': {
    id: 'paper-lantern',
    name: 'Paper Lantern',
    tagline: 'Stationery for long letters',
    headline: 'Write it by hand.',
    welcome: 'Paper that takes ink kindly, folded and bound in a small workshop.',
    orderPrefix: 'PL',
    products: [
      { sku: 'field-notebook', name: 'Field Notebook', note: 'Dotted, 96 pages', priceCents: 1250 },
      { sku: 'letter-set', name: 'Letter Set', note: '12 sheets, 6 envelopes', priceCents: 980 },
      { sku: 'brush-pens', name: 'Brush Pens', note: 'Three tips, three inks', priceCents: 1640 },
      { sku: 'table-lantern', name: 'Table Lantern', note: 'Mulberry paper, 22 cm', priceCents: 3900 },
    ],
  },
};

export function isBrandId(value: string): value is BrandId {
  return Object.hasOwn(brands, value);
}

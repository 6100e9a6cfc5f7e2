import type { TourStep } from './tour-event.ts';

export interface TourPlaces {
  /** Shop A and shop B. */
  readonly shops: readonly [TourShop, TourShop];
  /** The pages where the person sees and stops what is shared. */
  readonly accountUrl: string;
}

export interface TourShop {
  readonly name: string;
  readonly url: string;
}

export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  /** What the visitor does, in order. */
  readonly todo: readonly string[];
  readonly links: readonly { readonly label: string; readonly href: string }[];
  readonly steps: readonly { readonly step: TourStep; readonly proof: string }[];
}

/** The whole tour, as one reads it. The end-to-end test follows the same order. */
export function storyboard({ shops: [shopA, shopB], accountUrl }: TourPlaces, person: string): Chapter[] {
  return [
    {
      id: 'two-shops',
      title: 'Two shops, one person',
      lead: 'Each shop learns a code for you. Not your name, and not the code that the other shop has.',
      todo: [
        `Open ${shopA.name}, press “Sign in” and choose ${person}.`,
        `Open ${shopB.name} and press “Sign in”. Nothing more is asked.`,
      ],
      links: [
        { label: `Open ${shopA.name}`, href: shopA.url },
        { label: `Open ${shopB.name}`, href: shopB.url },
      ],
      steps: [
        { step: 'shop-a-signed-in', proof: `${shopA.name} recognises you by a code` },
        { step: 'shop-b-signed-in', proof: `${shopB.name} recognises you by a code` },
        { step: 'refs-differ', proof: 'The codes differ, so the two cannot compare notes' },
      ],
    },
    {
      id: 'share-one-thing',
      title: 'Share one thing, keep another',
      lead: 'A parcel needs an address. It does not need your e-mail address.',
      todo: [
        `In ${shopA.name}, put something into the basket and check out.`,
        'Tick the delivery address, leave the e-mail address alone, and share what you ticked.',
        'Place the order. Look at what the order page shows, and at what the shop has stored.',
      ],
      links: [{ label: `Fill a basket in ${shopA.name}`, href: shopA.url }],
      steps: [
        { step: 'consent-decided', proof: 'You decided, attribute by attribute' },
        { step: 'address-fetched', proof: 'The shop read the address from your vault' },
        { step: 'email-refused', proof: 'The shop asked for the e-mail address and was refused' },
      ],
    },
    {
      id: 'change-your-mind',
      title: 'Change your mind',
      lead: 'Stopping takes as few clicks as sharing did, and it takes effect at once.',
      todo: [
        'Leave the order page open where you can see it.',
        `Open “My data” and stop sharing with ${shopA.name}.`,
        'Watch the order page.',
      ],
      links: [{ label: 'Open My data', href: accountUrl }],
      steps: [
        { step: 'withdrawn', proof: 'You withdrew your consent' },
        { step: 'fetch-refused', proof: 'Reading the address is refused' },
        { step: 'tokens-dead', proof: 'The tokens that the shop held are dead' },
        { step: 'webhook-delivered', proof: 'A signed message reached the shop' },
        { step: 'session-ended', proof: 'The shop ended your session, in the open page too' },
      ],
    },
    {
      id: 'search-for-leaks',
      title: 'Look for leaks yourself',
      lead: 'We search both shops’ databases, logs and cookies for everything that the vault knows about you.',
      todo: [
        'Run the search. It first hides made-up values in copies of every place, and has to find them all.',
      ],
      links: [],
      steps: [{ step: 'canary-clean', proof: 'The search finds its own bait and nothing of yours' }],
    },
  ];
}

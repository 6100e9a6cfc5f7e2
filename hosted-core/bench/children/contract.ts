/** What the benchmarks' site is registered for. */
export const ATTRIBUTES = [
  'profile:name',
  'profile:birthdate',
  'contact:email',
  'contact:phone',
  'address:shipping',
];

export const PURPOSE = {
  purposeId: 'order_delivery',
  version: 1,
  maxDurationDays: 90,
  texts: { en: { title: 'Deliver your order', description: 'To bring you what you ordered.' } },
};

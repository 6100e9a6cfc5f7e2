const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

/** Euro cents as people read them: `1450` becomes `€14.50`. */
export function formatCents(cents: number): string {
  return euros.format(cents / 100);
}

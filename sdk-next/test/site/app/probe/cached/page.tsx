import { ConsentGate } from '../../../userref.ts';

/** A page whose author told Next.js to keep what it fetches. */
export const fetchCache = 'default-cache';

export default function CachedProbe() {
  return (
    <ConsentGate names={['address:shipping']} purpose="order_delivery" fallback={<p>refused</p>}>
      {(shared) => <p>{JSON.stringify(shared.get('address:shipping'))}</p>}
    </ConsentGate>
  );
}

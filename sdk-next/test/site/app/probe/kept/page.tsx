import { unstable_cache } from 'next/cache';
import { getUser, userref } from '../../../userref.ts';

/** What Next.js keeps for everybody, made by a function that asks who is there. */
const kept = unstable_cache(
  async () => {
    const user = await getUser();
    const shared = await userref.fetchAttributes(['address:shipping'], { purpose: 'order_delivery' });
    return JSON.stringify([user, shared.get('address:shipping')]);
  },
  ['probe-kept'],
  { revalidate: 3600 },
);

export default async function KeptProbe() {
  const user = await getUser();
  const answer = await kept().catch((error: unknown) => `refused: ${error}`);
  return <p data-user={user?.userRef}>{answer}</p>;
}

import { ConsentRequiredError } from '@userref/sdk-next';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Lines } from '../../components/lines.tsx';
import { Notice } from '../../components/notice.tsx';
import { SharedAddress } from '../../components/shared-address.tsx';
import { readBasket } from '../../lib/basket-cookie.ts';
import { ConsentGate, delivery, requireConsent } from '../../userref.ts';

export const metadata: Metadata = { title: 'Check out' };

const ASK =
  '/userref/login?attributes=address:shipping,contact:email&purpose=order_delivery&return_to=/checkout';

export default async function Checkout() {
  const basket = await readBasket();
  if (basket.count === 0) redirect('/basket');
  const isShared = await requireConsent(['address:shipping'], delivery).then(() => true, refusedOnly);
  if (!isShared) return <NoAddress askPath={ASK} />;
  const items = basket.lines.map(({ product: { sku, priceCents }, quantity }) => ({
    sku,
    quantity,
    priceCents,
  }));
  return (
    <>
      <h1>Check out</h1>
      <div className="columns">
        <section className="card" aria-labelledby="items">
          <h2 id="items">What you are ordering</h2>
          <Lines items={items} totalCents={basket.totalCents} />
        </section>
        <aside className="card" aria-labelledby="where">
          <h2 id="where">Where it goes</h2>
          <ConsentGate
            names={['address:shipping']}
            {...delivery}
            fallback={({ askPath, code }) => <NoAddress askPath={askPath} code={code} />}
          >
            {(shared) => <Destination value={shared.get('address:shipping')} />}
          </ConsentGate>
        </aside>
      </div>
    </>
  );
}

/** A "no" is an answer, and everything else goes on: also the redirect that asks. */
function refusedOnly(error: unknown): false {
  if (error instanceof ConsentRequiredError) return false;
  throw error;
}

function Destination({ value }: { value: unknown }) {
  return (
    <>
      <SharedAddress value={value} />
      {value !== null && (
        <form method="post" action="/orders/place">
          <button className="button wide" type="submit">
            Place the order
          </button>
        </form>
      )}
    </>
  );
}

function NoAddress({ askPath, code }: { askPath: string; code?: string }) {
  return (
    <Notice
      title="We need somewhere to send it"
      action={{ href: askPath, label: 'Choose what to share' }}
      also={{ href: '/basket', label: 'Back to the basket' }}
      code={code}
    >
      Without a delivery address there is nothing we can ship. Nothing was ordered, nothing was shared.
    </Notice>
  );
}

import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { type ReactNode, Suspense } from 'react';
import { Lines } from '../../../components/lines.tsx';
import { Refused } from '../../../components/refused.tsx';
import { FetchedJustNow, SharedAddress } from '../../../components/shared-address.tsx';
import { Stored } from '../../../components/stored.tsx';
import { orderBook } from '../../../lib/shop-data.ts';
import { ConsentGate, delivery, requireUser } from '../../../userref.ts';

export const metadata: Metadata = { title: 'Your order' };

export default async function OrderPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const { userRef } = await requireUser({ returnTo: `/orders/${encodeURIComponent(id)}` });
  const order = orderBook().find({ id, userRef });
  if (order === null) notFound();
  return (
    <>
      <p className="kicker">Order</p>
      <h1>{order.id}</h1>
      <div className="columns">
        <section className="card" aria-labelledby="items">
          <h2 id="items">What you ordered</h2>
          <Lines items={order.items} totalCents={order.totalCents} />
        </section>
        <section className="card" aria-labelledby="shared">
          <h2 id="shared">What you share for it</h2>
          <dl className="shared">
            <SharedAddressOf order={order.id} />
            <SharedEmail />
          </dl>
        </section>
      </div>
      <Stored userRef={userRef} />
    </>
  );
}

/** The order stands; what is shared for it comes as the vault answers. */
function Shared({ name, title, children }: { name: string; title: string; children: ReactNode }) {
  return (
    <div data-attribute={name}>
      <dt>{title}</dt>
      <dd>
        <Suspense fallback={<p className="note">Asking your vault …</p>}>{children}</Suspense>
      </dd>
    </div>
  );
}

function SharedAddressOf({ order }: { order: string }) {
  return (
    <Shared name="address:shipping" title="Delivery address">
      <ConsentGate
        names={['address:shipping']}
        {...delivery}
        returnTo={`/orders/${encodeURIComponent(order)}`}
        fallback={(refusal) => (
          <>
            <Refused refusal={refusal} what="delivery address" />
            <p>
              <a className="button small" href={refusal.askPath}>
                Share it for this order
              </a>
            </p>
          </>
        )}
      >
        {(shared) => <SharedAddress value={shared.get('address:shipping')} />}
      </ConsentGate>
    </Shared>
  );
}

function SharedEmail() {
  return (
    <Shared name="contact:email" title="E-mail address">
      <ConsentGate
        names={['contact:email']}
        purpose={delivery.purpose}
        fallback={(refusal) => <Refused refusal={refusal} what="e-mail address" />}
      >
        {(shared) => (
          <>
            <p className="value">{shared.get('contact:email') ?? 'There is none in your vault.'}</p>
            <FetchedJustNow />
          </>
        )}
      </ConsentGate>
    </Shared>
  );
}

import { Suspense } from 'react';
import { ConsentGate } from '../../../userref.ts';

/** Values that come while the page is streamed already. */
export default function SlowProbe() {
  return (
    <Suspense fallback={<p>waiting</p>}>
      <ConsentGate
        names={['address:shipping']}
        purpose="order_delivery"
        fallback={({ code, askPath }) => (
          <p data-code={code}>
            <a href={askPath}>Choose what to share</a>
          </p>
        )}
      >
        {(shared) => <p data-shared="">{JSON.stringify(shared.get('address:shipping'))}</p>}
      </ConsentGate>
    </Suspense>
  );
}

import type { FastifyInstance } from 'fastify';
import { issueReceipt } from '../consent/issue-receipt.ts';
import { listReceipts } from '../consent/receipts-repository.ts';
import { PAGE, signedInPerson, signInFirst } from './account-visitor.ts';
import { siteCard } from './consent-page.ts';
import { attributeLabel } from './masking.ts';
import type { PageDependencies } from './page-dependencies.ts';

/** Where whoever was handed a receipt finds the keys to check it with (RFC 7517). */
export const RECEIPT_KEYS_PATH = '/.well-known/consent-receipt-jwks.json';
const ROWS = 100;

/** `GET /account/receipts` lists what the person agreed to, `…/:receipt` is one of them as a signed file. */
export async function receiptRoutes(app: FastifyInstance, deps: PageDependencies): Promise<void> {
  app.get('/account/receipts', PAGE, async (request, reply) => {
    const person = await signedInPerson(deps, request);
    if (!person) return signInFirst(deps, { request, reply }, { nextStep: '/account/receipts' });
    const receipts = await deps.database.inTenant(deps.tenantId, (tx) => listReceipts(tx, person, ROWS));
    const t = deps.pages.translator(request, reply);
    return deps.pages.send(reply, {
      ...{ t, template: 'receipts', title: t.text('receipts.title'), narrow: true, section: 'receipts' },
      path: '/account/receipts',
      data: {
        keys: RECEIPT_KEYS_PATH,
        receipts: receipts.map((receipt) => ({
          href: `/account/receipts/${receipt.receiptId}`,
          site: siteCard({ name: receipt.siteName, origin: receipt.siteOrigin }),
          date: t.date(receipt.decidedAt),
          labels: receipt.attributes.map((name) => attributeLabel(name, t.locale, deps.catalogue)).join(', '),
        })),
      },
    });
  });

  app.get('/account/receipts/:receipt', PAGE, async (request, reply) => {
    const person = await signedInPerson(deps, request);
    if (!person) return signInFirst(deps, { request, reply }, { nextStep: '/account/receipts' });
    const { receipt: receiptId } = request.params as { receipt: string };
    const jws = await issueReceipt(deps, { ...person, receiptId, requestId: request.id });
    return reply
      .header('content-disposition', `attachment; filename="consent-receipt-${receiptId}.jwt"`)
      .type('application/jwt')
      .send(`${jws}\n`);
  });

  app.get(RECEIPT_KEYS_PATH, async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=300')
      .header('cross-origin-resource-policy', 'cross-origin')
      .type('application/jwk-set+json')
      .send(JSON.stringify(await deps.receiptKeys.jwks())),
  );
}

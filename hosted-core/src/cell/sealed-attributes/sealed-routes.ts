import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ReleaseAttributes } from '../attributes/release-attributes.ts';
import {
  bearerToken,
  challenge,
  checkedAsk,
  checkedPurpose,
  invalid,
  type ProtectedResource,
  refuseOtherMethods,
  refuseQuery,
  userRefOf,
} from '../attributes/site-request.ts';
import { MAX_ENVELOPE_LENGTH } from '../vault/envelope-format.ts';
import { checkOrderRef, sealWindow } from './sealed-envelope.ts';

export interface SealedRoutesOptions extends ProtectedResource {
  readonly release: ReleaseAttributes;
  readonly tenantId: string;
  readonly now?: () => Date;
}

const SEAL = '/v1/users/:userRef/sealed-attributes';
const UNSEAL = '/v1/unseal';
const sealBody = z.strictObject({
  names: z.array(z.string()),
  purpose: z.string().optional(),
  order_ref: z.string(),
  window: z.strictObject({ not_before: z.string().optional(), expires_at: z.string() }),
});
const unsealBody = z.strictObject({
  sealed: z.string(),
  purpose: z.string().optional(),
  order_ref: z.string(),
});

/** Sealed attributes: what a site may keep and cannot read. For the site itself, by client credentials. */
export async function sealedRoutes(app: FastifyInstance, options: SealedRoutesOptions): Promise<void> {
  const { release, tenantId, now = () => new Date() } = options;
  const challenged = <T>(reply: FastifyReply, work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw challenge(reply, options, error);
    });

  app.post<{ Params: { userRef: string } }>(SEAL, async (request, reply) => {
    const accessToken = bearerToken(request, reply, options);
    refuseQuery(request);
    const body = parse(sealBody, request.body, '`names`, `purpose`, `order_ref` and `window`');
    const asked = { ...checkedAsk(body.names, body.purpose), orderRef: checkOrderRef(body.order_ref) };
    const userRef = userRefOf(request.params.userRef);
    const wanted = { ...asked, ...sealWindow(body.window, now()), accessToken, userRef };
    const { sealed, notBefore, expiresAt } = await challenged(
      reply,
      release.seal({ tenantId, ...wanted, requestId: request.id }),
    );
    return reply.status(201).header('cache-control', 'no-store').send({
      sealed,
      attributes: asked.names,
      purpose: asked.purpose,
      order_ref: asked.orderRef,
      not_before: notBefore.toISOString(),
      expires_at: expiresAt.toISOString(),
    });
  });

  app.post(UNSEAL, { bodyLimit: MAX_ENVELOPE_LENGTH + 4_096 }, async (request, reply) => {
    const accessToken = bearerToken(request, reply, options);
    refuseQuery(request);
    const body = parse(unsealBody, request.body, '`sealed`, `purpose` and `order_ref`');
    const orderRef = checkOrderRef(body.order_ref);
    const wanted = { sealed: body.sealed, purpose: checkedPurpose(body.purpose), orderRef, accessToken };
    const attributes = await challenged(
      reply,
      release.unseal({ tenantId, ...wanted, requestId: request.id }),
    );
    return reply
      .header('cache-control', 'no-store')
      .send({ attributes, purpose: wanted.purpose, order_ref: orderRef });
  });

  refuseOtherMethods(app, { [SEAL]: 'POST', [UNSEAL]: 'POST' });
}

function parse<T>(schema: z.ZodType<T>, body: unknown, members: string): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw invalid(`The body is an object with ${members}, and nothing else.`);
}

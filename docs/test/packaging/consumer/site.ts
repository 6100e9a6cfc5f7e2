import { ConsentRequiredError, createUserref, type Session, UserrefError } from '@userref/sdk-core';
import { type Adapter, createAdapter } from '@userref/sdk-core/adapter';
import { de, LANGUAGES } from '@userref/sdk-core/languages';
import { redisSessionStore } from '@userref/sdk-core/stores/redis';
import { sqlSessionStore } from '@userref/sdk-core/stores/sql';
import { FakeCore, sessionCookie } from '@userref/sdk-core/testing';
import { requireConsent, requireUser, userref, userrefErrors } from '@userref/sdk-express';
import express from 'express';
import { Kysely, type PostgresDialect } from 'kysely';
import { createClient } from 'redis';

declare module '@userref/sdk-core' {
  interface SiteAttributes {
    'contact:email': string;
    'shop:loyalty': { points: number };
  }
  interface SitePurposes {
    order_delivery: true;
  }
}

// Inferred types of everything are exported: a declaration file must be able to name them (TS2742).
export const core = new FakeCore();
export const options = { ...core.options, baseUrl: 'https://shop.example', sessionSecret: 'x'.repeat(32) };
export const site = createUserref(options);
export const adapter: Adapter = createAdapter({ ...options, languages: [de, ...LANGUAGES] });
export const middleware = userref({ ...options, onRevoked: ({ userRef }) => void userRef.length });
export const guard = requireConsent(['contact:email'], { purpose: 'order_delivery' });
export const redisStore = redisSessionStore({ client: createClient() });
export const sqlStore = sqlSessionStore({
  database: new Kysely<{ orders: { id: string } }>({ dialect: {} as PostgresDialect }),
});
export const cookie = sessionCookie(options);
export const app = express();
app.use(middleware);
app.get('/account', requireUser(), guard, async (request, response) => {
  const shared = await request.userref.fetchAttributes(['contact:email'], { purpose: 'order_delivery' });
  const email: string | null = shared.get('contact:email');
  response.json({ email, who: request.userref.user?.userRef });
});
app.use(userrefErrors());

export async function points(session: Session) {
  try {
    const shared = await site.fetchAttributes(session, ['shop:loyalty'], { purpose: 'order_delivery' });
    return shared.get('shop:loyalty')?.points ?? 0;
  } catch (error) {
    if (error instanceof ConsentRequiredError) return error.attributes.length;
    if (error instanceof UserrefError && error.code === 'session_revoked') return -1;
    throw error;
  }
}

export async function wrong(session: Session) {
  // @ts-expect-error the site is not registered for this attribute
  await site.fetchAttributes(session, ['address:shipping'], { purpose: 'order_delivery' });
  // @ts-expect-error the site has no such purpose
  await site.fetchAttributes(session, ['contact:email'], { purpose: 'advertising' });
  // @ts-expect-error a value is not there for everybody
  (await site.fetchAttributes(session, ['contact:email'], { purpose: 'order_delivery' })).get('contact:email')
    .length;
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createUserref, UserrefError } from '@userref/sdk-core';
import { createAdapter, incomingOf, toResponse } from '@userref/sdk-core/adapter';
import { redisSessionStore } from '@userref/sdk-core/stores/redis';
import { sqlSessionStore } from '@userref/sdk-core/stores/sql';
import { FakeCore, sessionCookie } from '@userref/sdk-core/testing';
import { requireUser, userref } from '@userref/sdk-express';

// What a site does with the installed packages: a login, a page, an error, Express 4 or 5 as it is told.
const { default: express } = await import(process.argv[2] ?? 'express');
const core = new FakeCore();
const options = {
  ...core.options,
  baseUrl: 'http://localhost:4010',
  sessionSecret: 'a session secret for the smoke test only',
  fetch: core.fetch,
};

const adapter = createAdapter(options);
const started = await adapter.handle(incomingOf(new Request('http://localhost:4010/userref/login')));
const back = core.signIn(toResponse(started).headers.get('location'));
const cookie = started.setCookies.map((line) => line.split(';')[0]).join('; ');
const finished = await adapter.handle(incomingOf(new Request(back, { headers: { cookie } })));
assert.equal(finished.status, 303);

const passport = await createUserref(options).verifyPassport(await core.passport());
assert.equal(passport.userRef, core.person.userRef);
const refused = createUserref(options).verifyPassport('none');
await assert.rejects(
  refused,
  (error) => error instanceof UserrefError && error.code === 'passport_malformed',
);
assert.equal(typeof redisSessionStore, 'function');
assert.equal(typeof sqlSessionStore, 'function');

const app = express();
app.use(userref(options));
app.get('/account', requireUser(), (request, response) => response.send(request.userref.user.userRef));
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = `http://127.0.0.1:${server.address().port}/account`;
const { header } = await sessionCookie(options);
const page = await fetch(address, { headers: { cookie: header } });
assert.equal(await page.text(), core.person.userRef);
assert.equal((await fetch(address)).status, 401);
server.close();
process.stdout.write(`fine on Node ${process.versions.node} with ${process.argv[2] ?? 'express'}\n`);

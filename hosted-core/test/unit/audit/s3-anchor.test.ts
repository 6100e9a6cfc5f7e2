import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { s3Anchor } from '../../../src/audit/anchors/s3-anchor.ts';

let server: Server;

afterEach(() => new Promise((done) => server.close(done)));

/** Storage that takes every object, names a version, and answers a question after its retention like this. */
async function anchorAt(retention: string) {
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.setHeader('x-amz-version-id', 'v1');
      response.end(request.url?.includes('retention') ? retention : '');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return s3Anchor({
    bucket: 'audit',
    retentionDays: 1,
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    now: () => new Date(),
  });
}

const retention = (mode: string) =>
  `<Retention><Mode>${mode}</Mode><RetainUntilDate>2100-01-01T00:00:00Z</RetainUntilDate></Retention>`;
const checkpoint = { log: 'userref.audit/cell/default/00', size: 1, note: 'note' };

it('a checkpoint counts as kept when the storage says that it is locked in COMPLIANCE mode', async () => {
  await (await anchorAt(retention('COMPLIANCE'))).put(checkpoint);
});

it.each([
  ['in a mode that an administrator lifts', retention('GOVERNANCE')],
  ['not at all', '<Retention></Retention>'],
])('storage that took a checkpoint and locked it %s is refused', async (_how, answer) => {
  await expect((await anchorAt(answer)).put(checkpoint)).rejects.toThrow('does not lock objects');
});

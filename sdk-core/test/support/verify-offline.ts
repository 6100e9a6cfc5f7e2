import { createUserref } from '../../src/index.ts';

/** Verifies the passport of its parent with nothing but what is handed in: `node verify-offline.ts <json>`. */
const { options, jwt, lists, uri } = JSON.parse(process.argv[2] ?? '{}');
const { verifyPassport, fetchStatusList } = createUserref(options);
const reach = await fetch(options.issuer, { signal: AbortSignal.timeout(2000) }).then(
  () => 'network',
  () => 'no network',
);
const online = await fetchStatusList(uri).catch((error) => error.code);
const verdict = await verifyPassport(jwt, { status: { lists } }).then(
  ({ userRef }) => userRef,
  (error) => error.code,
);
process.stdout.write(JSON.stringify({ reach, online, verdict }));

import { freePort } from '../../../../hosted-core/test/support/free-port.ts';
import type { DemoPorts } from '../../src/start-demo.ts';

/** Six ports that nobody listens on. */
export async function freePorts(): Promise<DemoPorts> {
  return {
    core: await freePort(),
    cell: await freePort(),
    signIn: await freePort(),
    shopA: await freePort(),
    shopB: await freePort(),
    tour: await freePort(),
  };
}

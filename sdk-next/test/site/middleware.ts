import { createUserref } from '@userref/sdk-next';
import type { NextRequest } from 'next/server';
import { protectPage, refuseForeignForm } from './lib/page-protection.ts';
import { remoteStore } from './lib/remote-store.ts';

const userref = createUserref(() => ({ protect: ['/checkout', '/orders'], revocations: remoteStore() }));

export async function middleware(request: NextRequest): Promise<Response> {
  return refuseForeignForm(request) ?? protectPage(await userref.middleware(request));
}

export const config = { matcher: ['/((?!_next/|userref/|api/|icon.svg).*)'] };

import type { NextRequest } from 'next/server';
import { protectPage, refuseForeignForm } from './lib/page-protection.ts';
import { userref } from './userref.ts';

export async function proxy(request: NextRequest): Promise<Response> {
  return refuseForeignForm(request) ?? protectPage(await userref.proxy(request));
}

// Everything but files of the build; addresses of the SDK look after themselves.
export const config = { matcher: ['/((?!_next/|api/|userref/|icon.svg).*)'] };

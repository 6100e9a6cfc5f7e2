import type { NextApiRequest, NextApiResponse } from 'next';
import { pagesUserref } from '../../lib/pages-userref.ts';

export default async function whoami(request: NextApiRequest, response: NextApiResponse): Promise<void> {
  response.setHeader('Cache-Control', 'private, no-store');
  response.json({ user: await pagesUserref.getUser(request) });
}

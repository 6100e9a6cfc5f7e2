import { pagesUserref } from '../../../lib/pages-userref.ts';

export const config = { api: { bodyParser: false } };
export default pagesUserref.handler;

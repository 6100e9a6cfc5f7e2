import { createUserref } from '@userref/sdk-next/pages';

export const pagesUserref = createUserref();

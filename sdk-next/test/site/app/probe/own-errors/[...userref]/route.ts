import { createUserref } from '@userref/sdk-next';

const PATH = '/probe/own-errors';

/** The SDK once more, by a site that shows errors itself. */
const userref = createUserref({
  paths: { login: `${PATH}/login`, callback: `${PATH}/callback` },
  renderError: ({ language, direction, title }) =>
    new Response(`<html lang="${language}" dir="${direction}"><h1>Shop</h1>${title}`, {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    }),
});

export const { GET, POST } = userref.handlers;

import { createUserref } from '@userref/sdk-next/pages';

const PATH = '/api/own-errors';

/** The SDK once more, by a site that shows errors itself. */
const userref = createUserref({
  paths: { login: `${PATH}/login`, callback: `${PATH}/callback` },
  renderError: ({ code }, _request, response) => void response.redirect(303, `/problem?code=${code}`),
});

export const config = { api: { bodyParser: false } };
export default userref.handler;

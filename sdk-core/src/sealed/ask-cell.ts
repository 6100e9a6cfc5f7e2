import { refusalOf } from '../attributes/refusal-of-cell.ts';
import { isObject } from '../encoding/strict-json.ts';
import { isErrorCode, UserrefError } from '../errors/userref-error.ts';
import type { Services } from '../services.ts';

export interface CellQuestion {
  /** Such as `/v1/unseal`. */
  readonly path: string;
  readonly body: object;
  /** For errors that name what is missing. */
  readonly asked: { readonly names: readonly string[]; readonly purpose: string };
}

/** What the cell says about envelopes, passed on as it is. */
const PASSED_ON = [
  'invalid_request',
  'not_found',
  'forbidden',
  'sealed_invalid',
  'sealed_mismatch',
  'sealed_not_open_yet',
  'sealed_expired',
  'sealed_destroyed',
];

/** Asks the cell as the site itself. A token that died early is replaced once. */
export async function askCell(services: Services, question: CellQuestion): Promise<unknown> {
  const token = await services.siteToken.get();
  const first = await send(services, question, token);
  if (first.status !== 401) return answerOf(first, question);
  services.siteToken.forget(token);
  return answerOf(await send(services, question, await services.siteToken.get()), question);
}

async function send(services: Services, { path, body }: CellQuestion, token: string): Promise<Response> {
  const { cell } = await services.connector.connect();
  return services.transport(cell.replace(/\/$/, '') + path, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
}

async function answerOf(response: Response, { asked }: CellQuestion): Promise<unknown> {
  const body: unknown = await response.json().catch(() => null);
  if (response.status === 200 || response.status === 201) return body;
  if (response.status === 401) throw new UserrefError('invalid_token');
  const refusal = refusalOf(response.status, body, asked);
  const code = isObject(body) ? body.code : undefined;
  if (!isErrorCode(code) || !PASSED_ON.includes(code)) throw refusal;
  throw new UserrefError(code, { requestId: refusal.requestId });
}

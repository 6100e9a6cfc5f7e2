import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiDocument } from '../../src/index.ts';

interface Given {
  readonly method: string;
  /** With or without a query. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

interface Documented {
  /** Of a refusal: its codes. */
  readonly description: string;
  readonly content: object;
}

type Operations = Record<string, Record<string, { responses: Record<string, Documented> }>>;

const { paths } = openApiDocument() as { paths: Operations };
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(openApiDocument(), 'api');
const compiled = new Map<string, ValidateFunction>();

/**
 * Whether the API's own document knows the answer: its status for that call, its type, its code and everything in it.
 * @throws Error that names what it does not know. Addresses that are no call of the API are nobody's promise
 */
export function checkDocumented({ method, path, status, contentType, body }: Given): void {
  const [address = ''] = path.split('?');
  const operation = paths[address]?.[method.toLowerCase()];
  if (operation === undefined) return;
  const what = `${method} ${address} answered ${status}`;
  const { content, description } = operation.responses[status] ?? {};
  if (content === undefined) throw new Error(`${what}, which the document does not know`);
  const [type = ''] = contentType.split(';');
  if (!Object.hasOwn(content, type)) throw new Error(`${what} as ${type}, which the document does not know`);
  const validate = schemaOf([address, method.toLowerCase(), 'responses', String(status), 'content', type]);
  if (!validate(body)) throw new Error(`${what}: ${ajv.errorsText(validate.errors)}`);
  const { code } = body as { readonly code?: string };
  const codes = description?.split(', ').map((known) => known.replace('*', ''));
  const isKnown =
    status < 400 || codes?.some((known) => (known.endsWith('_') ? code?.startsWith(known) : code === known));
  if (!isKnown) throw new Error(`${what} ${code}, which the document does not know`);
}

function schemaOf(steps: readonly string[]): ValidateFunction {
  const pointer = ['paths', ...steps, 'schema']
    .map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1'))
    .map(encodeURIComponent)
    .join('/');
  const known = compiled.get(pointer) ?? ajv.compile({ $ref: `api#/${pointer}` });
  compiled.set(pointer, known);
  return known;
}

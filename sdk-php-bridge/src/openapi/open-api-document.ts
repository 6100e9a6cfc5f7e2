import type { Endpoint } from '../api/endpoint.ts';
import { ENDPOINTS } from '../api/endpoints.ts';
import { API_VERSION } from '../api/service.ts';
import { statusOf } from '../server/status.ts';

/** Codes that any call may answer with. */
const COMMON = [
  'invalid_request',
  'bridge_unauthorized',
  'forbidden',
  'internal_error',
  'network_failed',
] as const;
const OF_BODIES = ['payload_too_large', 'unsupported_media_type'] as const;

/** The API as an OpenAPI 3.1 document, from the same table that the server is made of. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of ENDPOINTS) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Userref PHP bridge',
      version: API_VERSION,
      description: 'For PHP on the same machine. Bearer secret on every call; errors are RFC 9457 documents.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://localhost', description: 'Over the unix socket, or the loopback port.' }],
    security: [{ secret: [] }],
    paths,
    components: {
      securitySchemes: { secret: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: problemSchema() },
    },
  };
}

function operation({ operationId, summary, body, query, answer, errors }: Endpoint): Record<string, unknown> {
  return {
    operationId,
    summary,
    ...(query && { parameters: parametersOf(query) }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      200: { description: 'Done.', content: { 'application/json': { schema: answer } } },
      ...refusals([...errors, ...COMMON, ...(body ? OF_BODIES : [])]),
    },
  };
}

function parametersOf(query: Readonly<Record<string, unknown>>): unknown[] {
  const properties = query['properties'] as Record<string, unknown>;
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }));
}

function refusals(codes: Endpoint['errors']): Record<string, unknown> {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [
      status,
      {
        description: [...new Set(names)].join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function problemSchema(): Record<string, unknown> {
  const text = { type: 'string' };
  const names = { type: 'array', items: text };
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'code', 'fix', 'retryable', 'request_id'],
    properties: {
      ...{ type: text, title: text, status: { type: 'integer' }, detail: text, code: text, fix: text },
      ...{ retryable: { type: 'boolean' }, request_id: text, core_request_id: text },
      ...{ attributes: names, purpose: text },
      ...{ cookies: { type: 'array' }, return_to: text, session_handle: text },
    },
  };
}

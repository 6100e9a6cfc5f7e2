import type { ErrorCode } from '@userref/sdk-core';
import type { Parts } from '../server/parts.ts';
import type { Schema } from './schema.ts';

/** Stands for every code about a passport that is refused. */
export const ANY_PASSPORT_ERROR = 'passport_*';

export interface Call<Body, Query> {
  readonly body: Body;
  readonly query: Query;
  readonly parts: Parts;
  /** Writes to the log of the bridge; never values of people. */
  readonly log: (entry: Readonly<Record<string, string>>, message: string) => void;
}

/** One call of the API: what checks requests and what the OpenAPI document says are the same. */
export interface Endpoint<Body = never, Query = never> {
  readonly method: 'GET' | 'POST';
  readonly path: `/v1/${string}`;
  readonly operationId: string;
  readonly summary: string;
  readonly body?: Schema;
  readonly query?: Schema;
  readonly answer: Schema;
  /** Codes that are particular to this call. */
  readonly errors: readonly (ErrorCode | typeof ANY_PASSPORT_ERROR)[];
  readonly cacheSeconds?: number;
  handle(call: Call<Body, Query>): Promise<unknown>;
}

import { isObject } from '../../src/encoding/strict-json.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** The TypeScript type of what a JSON Schema lets pass; `unknown` for what has no simple one. */
export function typeOfSchema(schema: unknown): string {
  if (!isObject(schema)) return 'unknown';
  if (Array.isArray(schema.enum)) return union(schema.enum.map((value) => JSON.stringify(value)));
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOfSchema({ ...schema, type })));
  if (schema.type === 'array') {
    const item = typeOfSchema(schema.items);
    return `readonly ${/[|&]/.test(item) ? `(${item})` : item}[]`;
  }
  if (schema.type === 'object') return typeOfObject(schema);
  return SIMPLE[String(schema.type)] ?? 'unknown';
}

function typeOfObject({ properties, required, additionalProperties }: Record<string, unknown>): string {
  if (!isObject(properties)) return 'Readonly<Record<string, unknown>>';
  const needed = new Set(Array.isArray(required) ? required : []);
  const members = Object.entries(properties).map(
    ([name, schema]) => `${propertyName(name)}${needed.has(name) ? '' : '?'}: ${typeOfSchema(schema)}`,
  );
  if (additionalProperties !== false) members.push('[name: string]: unknown');
  return `{ ${members.join('; ')} }`;
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

import { z } from 'zod';
import { settingsSchema } from './settings.ts';

/** The configuration reference in Markdown, made from the schema itself. */
export function settingsReference(): string {
  const rows = Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
      default?: unknown;
      enum?: string[];
      description?: string;
      secret?: boolean;
    };
    const needed = schema.safeParse(undefined).success ? '' : 'yes';
    const values = json.enum ? ` One of ${json.enum.map((one) => `\`${one}\``).join(', ')}.` : '';
    const fallback = json.default === undefined || json.default === '' ? '' : `\`${String(json.default)}\``;
    return `| \`${name}\` | ${needed} | ${fallback} | ${json.description ?? ''}${values}${json.secret ? ' Secret.' : ''} |`;
  });
  return ['| variable | needed | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

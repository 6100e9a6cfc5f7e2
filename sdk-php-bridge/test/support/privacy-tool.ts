import type { Browser } from '../../../hosted-core/test/support/browser.ts';

/** One page of what an exporter or eraser of WordPress answers. */
export interface ToolAnswer {
  readonly data?: readonly { readonly group_id: string; readonly data: readonly { value: string }[] }[];
  readonly items_removed?: boolean;
  readonly items_retained?: boolean;
  readonly messages?: readonly string[];
  readonly done: boolean;
}

const TOOLS = {
  export: { type: 'export_personal_data', screen: 'export-personal-data', step: 'exporter' },
  erase: { type: 'remove_personal_data', screen: 'erase-personal-data', step: 'eraser' },
} as const;

/**
 * Asks for a person's data as an administrator does on WordPress's own screen, and works through every exporter or
 * eraser as the screen's script does; gives their answers.
 */
export async function usePrivacyTool(
  administrator: Browser,
  { site, tool, address }: { site: string; tool: keyof typeof TOOLS; address: string },
): Promise<ToolAnswer[]> {
  const { type, screen, step } = TOOLS[tool];
  const url = `${site}/wp-admin/${screen}.php`;
  const first = await (await administrator.fetch(url)).text();
  const nonce = /name="_wpnonce" value="(\w+)"/.exec(first)?.[1] ?? '';
  const form = new URLSearchParams({
    action: `add_${type}_request`,
    type_of_action: type,
    username_or_email_for_privacy_request: address,
    _wpnonce: nonce,
  });
  const listed = await (await administrator.fetch(url, { method: 'POST', body: form })).text();
  const row = new RegExp(`data-${step}s-count="(\\d+)"\\s+data-request-id="(\\d+)"\\s+data-nonce="(\\w+)"`);
  const theirs = listed.split('<tr').find((part) => part.toLowerCase().includes(address.toLowerCase()));
  const [, count = '0', id = '', security = ''] = row.exec(theirs ?? '') ?? [];
  if (id === '') throw new Error(`WordPress lists no request of ${address}`);
  const answers: ToolAnswer[] = [];
  for (let place = 1; place <= Number(count); place += 1) {
    const body = new URLSearchParams({ id, security, [step]: `${place}`, page: '1' });
    body.set('action', `wp-privacy-${screen}`);
    const response = await administrator.fetch(`${site}/wp-admin/admin-ajax.php`, { method: 'POST', body });
    const answer = (await response.json()) as { success: boolean; data: ToolAnswer };
    if (!answer.success) throw new Error(`${tool} ${place}: ${JSON.stringify(answer)}`);
    answers.push(answer.data);
  }
  return answers;
}

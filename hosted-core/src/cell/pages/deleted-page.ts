import type { ErasureReceipt } from '../../wall/erasure.ts';
import { inert } from './inert-text.ts';
import type { Translator } from './messages/translator.ts';
import type { AccountDeletion } from './page-dependencies.ts';

/** What became of a deletion, ready for its template: since when what is gone, and which sites were told. */
export function deletedPage(
  receipt: ErasureReceipt,
  { deletesUpstream }: Pick<AccountDeletion, 'deletesUpstream'>,
  t: Translator,
): Record<string, unknown> {
  return {
    since: t.text('deleted.since', { date: t.moment(receipt.erasedAt) }),
    backups: t.text('deleted.backups', { date: t.date(receipt.backupsUntil) }),
    upstream: t.text(deletesUpstream ? 'delete.upstream.gone' : 'delete.upstream.left'),
    sites: receipt.sites?.map(({ name, state, at }) => ({
      name: inert(name),
      state: t.text(`disconnected.${state}`, { date: t.date(at) }),
    })),
    code: receipt.requestId,
  };
}

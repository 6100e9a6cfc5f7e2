import { Browser } from './browser.ts';
import { beginConsent, csrfOf, type RunningCell, signIn } from './running-cell.ts';

/** A signed-in browser in front of a consent page. */
export async function atConsentPage(running: RunningCell, login = 'amber') {
  const browser = new Browser();
  const subjectId = await signIn(running, browser, login);
  const { interactionId, url } = await beginConsent(running, subjectId);
  const html = await (await browser.fetch(url)).text();
  return { browser, subjectId, interactionId, url, html, csrf: csrfOf(html) };
}

/** The fields of the form of somebody who ticked one attribute. */
export function share(csrf: string, attribute = 'contact:email') {
  return { csrf, decision: 'share', attribute, duration: 'days_30' };
}

export async function consentCount({ database }: RunningCell): Promise<number> {
  const [row] = await database.admin.query<{ count: number }>(
    'select count(*)::int as count from cell.consents',
  );
  return row?.count ?? -1;
}

/** Leaves nothing decided, for the next test. */
export async function withdrawAll({ database }: RunningCell, subjectId: string): Promise<void> {
  await database.admin.query(
    `update cell.consents set state = 'withdrawn', withdrawn_at = now()
     where subject_id = $1 and state in ('granted', 'denied')`,
    [subjectId],
  );
}

import { Browser } from './browser.ts';
import { csrfOf, post, type RunningCell, signIn } from './running-cell.ts';

/** Somebody signed in at My data, without a browser that draws. */
export async function openAccount(running: RunningCell, login = 'amber') {
  const browser = new Browser();
  const subjectId = await signIn(running, browser, login);
  const page = async (path: string) => {
    const answer = await browser.fetch(`${running.url}${path}`);
    return { status: answer.status, html: await answer.text(), answer };
  };
  return {
    browser,
    subjectId,
    page,
    /** Sends a form with the token of the page it stands on. */
    send: async (path: string, fields: Record<string, string> = {}, from = '/account') => {
      const csrf = csrfOf((await page(from)).html);
      return post(browser, `${running.url}${path}`, { csrf, ...fields });
    },
  };
}

/** Makes every sign-in of the cell eleven minutes old: too old for what cannot be undone. */
export async function ageSignIns({ database }: RunningCell): Promise<void> {
  await database.admin.query(
    `update cell.account_sessions set auth_time = auth_time - interval '11 minutes', created_at = created_at - interval '11 minutes'`,
  );
}

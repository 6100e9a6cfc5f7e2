/**
 * What a receipt says of the sign-in service: its database is not ours, so what it keeps is named.
 * @param managed whether this cell may delete accounts there
 */
export function upstreamStatement({ managed }: { managed: boolean }): string {
  return managed ? DELETED : LEFT;
}

const LEFT =
  'The account at the sign-in service is not deleted by this request: it keeps your sign-in identifiers and ' +
  'its own logs until the operator deletes the account there. Nothing of it leads back to what was erased here.';
const DELETED =
  'The account at the sign-in service is deleted as well, as soon as that service can be reached. It keeps entries ' +
  'about the account in its own log (times, network addresses, and e-mail addresses in records of notifications) ' +
  'until the operator deletes them there. Nothing of it leads back to what was erased here.';

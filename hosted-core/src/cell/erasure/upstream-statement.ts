/**
 * What a receipt says of the sign-in service. It names what is not done, since nothing here reaches that
 * service's own database.
 */
export const UPSTREAM_KEEPS =
  'The account at the sign-in service is not deleted by this request: it keeps your sign-in identifiers and ' +
  'its own logs until the operator deletes the account there. Nothing of it leads back to what was erased here.';

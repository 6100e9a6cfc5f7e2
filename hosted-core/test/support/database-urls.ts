export const TEMPLATE = 'userref_template';

export const ROLE_PASSWORDS = { core_app: 'core-test-password', cell_app: 'cell-test-password' } as const;

/** The URLs of the three roles for one database of the test server. */
export function roleUrls(adminUrl: string, database: string) {
  const url = (username: string, password: string) => {
    const copy = new URL(adminUrl);
    copy.pathname = `/${database}`;
    if (username) copy.username = username;
    if (password) copy.password = password;
    return copy.href;
  };
  return {
    adminUrl: url('', ''),
    coreUrl: url('core_app', ROLE_PASSWORDS.core_app),
    cellUrl: url('cell_app', ROLE_PASSWORDS.cell_app),
  };
}

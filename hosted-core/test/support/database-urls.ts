export const TEMPLATE = 'userref_template';

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
    coreUrl: url('core_app', 'core-test-password'),
    cellUrl: url('cell_app', 'cell-test-password'),
  };
}

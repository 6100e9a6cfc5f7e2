/** 303 to a page of this shop. The address comes from the configuration, not from what `Host` says. */
export function seeOther(path: string, setCookie?: string): Response {
  const headers = new Headers({
    Location: `${process.env.USERREF_BASE_URL}${path}`,
    'Cache-Control': 'no-store',
  });
  if (setCookie !== undefined) headers.set('Set-Cookie', setCookie);
  return new Response(null, { status: 303, headers });
}

import Link from 'next/link';

/** Links that the router of Next.js fetches as soon as they can be seen. */
export default function PrefetchProbe() {
  return (
    <ul>
      {[
        '/userref/login?return_to=/orders',
        '/userref/logout',
        '/userref/callback?code=a&state=b',
        '/orders',
      ].map((href) => (
        <li key={href}>
          <Link href={href} prefetch={true}>
            {href}
          </Link>
        </li>
      ))}
    </ul>
  );
}

import type { Metadata } from 'next';
import { EndNotice } from '../../components/end-notice.tsx';

export const metadata: Metadata = { title: 'Signed out' };

/** Where a tab goes when its session has ended elsewhere: a page that never knew anybody. */
export default function SignedOut() {
  return <EndNotice />;
}

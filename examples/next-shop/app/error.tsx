'use client';
import { Notice } from '../components/notice.tsx';

/** `digest` is the code of an SDK error; for a defect of the shop it is a number for the log. */
export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <Notice title="Something went wrong on our side" code={error.digest}>
      Your basket is kept. Please try again in a moment.
    </Notice>
  );
}

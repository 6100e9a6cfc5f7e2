import { pagesUserref } from '../lib/pages-userref.ts';

export const getServerSideProps = pagesUserref.withUser(async (_context, { user, fetchAttributes }) => {
  const shared = await fetchAttributes(['address:shipping'], { purpose: 'order_delivery' });
  return { props: { userRef: user.userRef, address: JSON.stringify(shared.get('address:shipping')) } };
});

export default function PagesAccount({ userRef, address }: { userRef: string; address: string }) {
  return (
    <p data-user-ref={userRef} data-address={address}>
      {userRef}
    </p>
  );
}

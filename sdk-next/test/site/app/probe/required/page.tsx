import { delivery, requireConsent } from '../../../userref.ts';

/** Not behind `protect`: the page alone decides. */
export default async function RequiredProbe() {
  const { userRef } = await requireConsent(['address:shipping'], delivery);
  return <p>{userRef}</p>;
}

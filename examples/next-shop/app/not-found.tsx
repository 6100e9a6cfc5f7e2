import { Notice } from '../components/notice.tsx';

export default function NotFound() {
  return <Notice title="Page not found">Nothing is kept here.</Notice>;
}

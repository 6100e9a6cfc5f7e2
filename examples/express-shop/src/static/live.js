// Listens for the end of the session. When it comes, everything personal leaves the page at once.
const stream = new EventSource('/live');

stream.addEventListener('signed-out', (event) => {
  stream.close();
  for (const part of document.querySelectorAll('[data-personal]')) part.remove();
  const { reason } = JSON.parse(event.data);
  const notice = document.querySelector('[data-signed-out-notice]');
  notice.querySelector('[data-reason]').textContent =
    reason === 'withdrawn' ? 'Access was withdrawn; you are signed out.' : 'You are signed out.';
  document.documentElement.dataset.session = 'ended';
  notice.hidden = false;
  notice.focus();
});

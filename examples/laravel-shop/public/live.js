// Asks whether the session still lives; when it does not, everything personal leaves the page.
const ask = async () => {
  const answer = await fetch('/live')
    .then((response) => response.json())
    .catch(() => null);
  if (answer === null || answer.signed_in) return setTimeout(ask, 1500);
  for (const part of document.querySelectorAll('[data-personal]')) part.remove();
  const notice = document.querySelector('[data-signed-out-notice]');
  notice.hidden = false;
  notice.focus();
};
setTimeout(ask, 1500);

// Ticks the steps off as they happen. Without this script, reloading the page shows the same.
const stream = new EventSource('/events');

stream.addEventListener('progress', (event) => {
  const done = JSON.parse(event.data);
  for (const { step, detail, time } of done) {
    const item = document.querySelector(`[data-step="${step}"]`);
    if (!item) continue;
    item.dataset.done = '';
    item.querySelector('[data-state]').textContent = ': done';
    item.querySelector('.evidence').hidden = false;
    item.querySelector('[data-time]').textContent = time;
    const code = item.querySelector('[data-detail]');
    code.textContent = detail;
    code.hidden = !detail;
  }
  document.getElementById('progress').value = done.length;
  document.querySelector('[data-count]').textContent = done.length;
  markCurrent();
});

function markCurrent() {
  const chapters = [...document.querySelectorAll('.chapter')];
  const current = chapters.find((chapter) => chapter.querySelector('[data-step]:not([data-done])'));
  for (const chapter of chapters) chapter.toggleAttribute('data-current', chapter === current);
}

document.querySelector('[data-canary]').addEventListener('submit', (event) => {
  const button = event.target.querySelector('button');
  button.textContent = 'Searching…';
  button.disabled = true;
});

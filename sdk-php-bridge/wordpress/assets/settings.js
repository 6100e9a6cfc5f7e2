// Copies an address. Without a clipboard (http) it is selected, to be copied by hand.
for (const button of document.querySelectorAll('.userref-copy')) {
  button.addEventListener('click', async () => {
    const field = document.getElementById(button.dataset.of);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.done;
      wp.a11y.speak(button.dataset.done);
    } catch {
      field.focus();
    }
  });
}

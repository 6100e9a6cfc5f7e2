// Neither a new address nor a name would be kept, and newer versions of WordPress have browsers fill names in.
const email = document.getElementById('email');
if (email) {
  email.readOnly = true;
  email.setAttribute('aria-describedby', 'userref-address');
  document.getElementById('email-description')?.remove();
}
for (const name of ['first_name', 'last_name']) document.getElementById(name)?.closest('tr')?.remove();

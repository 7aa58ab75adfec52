// Passkeys. Where a browser has none, or without this script, the button stays hidden and the
// code of an app works.
(() => {
  "use strict";
  const webauthn = window.webauthnJSON;
  const button = document.querySelector("[data-passkey]");
  if (!button || !webauthn || !webauthn.supported()) return;
  const form = button.form;
  const problem = document.getElementById("passkey-fout");
  button.hidden = false;

  const options = async () => {
    const data = document.getElementById("passkey-data");
    if (data) return JSON.parse(data.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return answer.json();
  };

  const ask = {
    add: ({ creation_options: creation }) => {
      // Kept on the device, and opened with a finger, a face or a code: two factors in one.
      Object.assign(creation.publicKey.authenticatorSelection, {
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      });
      return webauthn.create(creation);
    },
    use: ({ request_options: request }) => webauthn.get(request),
  };

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const credential = await ask[button.dataset.passkey](await options());
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      problem.hidden = false;
      problem.focus();
    }
  });
})();

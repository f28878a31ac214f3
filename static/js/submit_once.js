/* A form with data-submit-once is sent once: a second tap within ten seconds does nothing. */
"use strict";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-submit-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button) button.setAttribute("aria-busy", "true");
  const release = () => {
    delete form.dataset.sent;
    if (button) button.removeAttribute("aria-busy");
  };
  setTimeout(release, 10000);
  addEventListener("pageshow", release, { once: true });
});

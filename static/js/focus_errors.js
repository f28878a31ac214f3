/* After a refused form the focus stands on the list of errors; its links land in the fields. */
"use strict";
(() => {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest("fieldset") || field.closest(".field") || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
})();

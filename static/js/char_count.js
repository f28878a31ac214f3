/* A field with data-count-max="1000" says how many characters are left. The words come from
   data-count-left="%s tecken kvar" and data-count-over="%s tecken för mycket". */
"use strict";
for (const field of document.querySelectorAll("[data-count-max]")) {
  const max = Number(field.dataset.countMax);
  const seen = document.createElement("p");
  seen.className = "field__count";
  seen.setAttribute("aria-hidden", "true");
  const heard = document.createElement("p");
  heard.className = "sr-only";
  heard.setAttribute("role", "status");
  field.after(seen, heard);
  let timer;
  const words = () => {
    const left = max - Array.from(field.value).length;
    const pattern = left < 0 ? field.dataset.countOver : field.dataset.countLeft;
    return [left, (pattern || "%s").replace("%s", String(Math.abs(left)))];
  };
  const show = () => {
    const [left, text] = words();
    seen.textContent = text;
    seen.toggleAttribute("data-over", left < 0);
    clearTimeout(timer);
    timer = setTimeout(() => {
      heard.textContent = text;
    }, 1200);
  };
  field.addEventListener("input", show);
  seen.textContent = words()[1];
}

/* Lists with data-reorder: the buttons "up" and "down" move an item in place and tell it aloud. The same buttons post
   the form when scripts are off. */
"use strict";
for (const list of document.querySelectorAll("[data-reorder]")) {
  const form = list.closest("form");
  const status = form && form.querySelector("[data-reorder-status]");
  if (!form) continue;

  const buttons = (item) => [...item.querySelectorAll("button[name=move]")];

  const mark = () => {
    const items = [...list.children];
    items.forEach((item, place) => {
      for (const button of buttons(item)) {
        const up = button.value.startsWith("up:");
        button.toggleAttribute("data-end", up ? place === 0 : place === items.length - 1);
        if (button.hasAttribute("data-end")) button.setAttribute("aria-disabled", "true");
        else button.removeAttribute("aria-disabled");
      }
    });
  };

  const step = (item, up) => {
    if (up && item.previousElementSibling) item.previousElementSibling.before(item);
    else if (!up && item.nextElementSibling) item.nextElementSibling.after(item);
  };

  const say = (text) => {
    if (status) status.textContent = text;
  };

  let queue = Promise.resolve();

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    // A form may hold several lists; each answers for its own buttons.
    if (!button || button.name !== "move" || !list.contains(button)) return;
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    const item = button.closest("[data-item]");
    const up = button.value.startsWith("up:");
    step(item, up);
    mark();
    button.focus();
    const place = [...list.children].indexOf(item) + 1;
    const data = new FormData(form, button);
    queue = queue.then(async () => {
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new URLSearchParams(data),
          credentials: "same-origin",
          headers: { "X-CSRFToken": data.get("csrfmiddlewaretoken") || "", "X-Requested-With": "reorder" },
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const words = item.querySelector("[data-item-words]");
        say(
          (status ? status.dataset.words : "")
            .replace("%(words)s", words ? words.textContent.trim() : "")
            .replace("%(place)s", String(place))
            .replace("%(total)s", String(list.children.length)),
        );
      } catch {
        step(item, !up);
        mark();
        say(status ? status.dataset.failed : "");
        if (status) status.classList.remove("sr-only");
      }
    });
  });
  mark();
}

/* A form with data-autosave-url keeps its draft on the server a few seconds after each change.
   When the server cannot be reached, the text stays in this browser under data-autosave-key and comes back on the
   next visit. It is also kept while the form is being sent, until a page of ours answers. Nothing is kept here once
   the server has it. A form sent while its draft is being saved waits for that, or it would name the revision before
   its own save and be taken for somebody else's. */
"use strict";
const MARK = "utkast-skickat";
const LONGEST_WAIT = 5000;
(() => {
  // A new page after a sent form means that the server took it or shows it again with what to mend.
  try {
    const sent = sessionStorage.getItem(MARK);
    const [visit] = performance.getEntriesByType("navigation");
    if (sent && visit && visit.type === "navigate") localStorage.removeItem(sent);
    sessionStorage.removeItem(MARK);
  } catch {
    /* storage is closed: nothing was kept */
  }
})();
for (const form of document.querySelectorAll("form[data-autosave-url]")) {
  const url = form.dataset.autosaveUrl;
  const key = `utkast:${form.dataset.autosaveKey || url}`;
  const wait = Number(form.dataset.autosaveSeconds || 3) * 1000;
  const status = form.querySelector("[data-autosave-status]") || document.querySelector("[data-autosave-status]");
  let timer;
  let running = null;
  let again = false;
  let sending = false;

  const say = (state, values = {}) => {
    if (!status) return;
    let text = status.dataset[state] || "";
    for (const [name, value] of Object.entries(values)) text = text.replace(`%(${name})s`, value);
    status.dataset.state = state;
    status.textContent = text;
  };

  const fields = () =>
    [...form.elements].filter(
      (field) => field.name && !["hidden", "submit", "button", "file", "password"].includes(field.type),
    );

  const keep = () => {
    const values = {};
    for (const field of fields()) {
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) (values[field.name] ||= []).push(field.value);
      } else {
        values[field.name] = [field.value];
      }
    }
    try {
      localStorage.setItem(key, JSON.stringify({ values }));
    } catch {
      /* no room or no permission: the text is still in the form */
    }
  };

  const forget = () => {
    try {
      localStorage.removeItem(key);
    } catch {
      /* nothing was kept */
    }
  };

  const restore = () => {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(key) || "null");
    } catch {
      kept = null;
    }
    if (!kept || !kept.values) return;
    let changed = false;
    for (const field of fields()) {
      const values = kept.values[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") {
        const wanted = values.includes(field.value);
        changed ||= field.checked !== wanted;
        field.checked = wanted;
      } else if (values.length && field.value !== values[0]) {
        field.value = values[0];
        changed = true;
      }
    }
    if (changed) {
      say("restored");
      plan();
    } else {
      forget();
    }
  };

  const save = () => {
    if (sending) return;
    if (running) {
      again = true;
      return;
    }
    running = new AbortController();
    running.done = send(running.signal);
  };

  const send = async (signal) => {
    const data = new FormData(form);
    for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
    const token = data.get("csrfmiddlewaretoken");
    let refusal = "";
    let unwanted = false;
    try {
      const answer = await fetch(url, {
        method: "POST",
        body: new URLSearchParams(data),
        credentials: "same-origin",
        redirect: "error",
        signal,
        headers: { "X-CSRFToken": token || "", "X-Requested-With": "autosave", Accept: "application/json" },
      });
      const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
      if (!answer.ok) {
        refusal = (told && told.message) || "";
        unwanted = answer.status === 422;
        throw new Error(String(answer.status));
      }
      if (told && told.version) {
        const version = form.querySelector("[name=version]");
        if (version) version.value = told.version;
      }
      forget();
      const now = new Date();
      const time = [now.getHours(), now.getMinutes()].map((part) => String(part).padStart(2, "0")).join(".");
      say("saved", { time });
    } catch {
      if (!sending) {
        // What the server must not have (422) is not kept here either; it is still in the form.
        if (unwanted) forget();
        else keep();
        say("failed");
        if (refusal && status) status.textContent = refusal;
      }
    } finally {
      running = null;
      if (again) {
        again = false;
        plan();
      }
    }
  };

  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  form.addEventListener("input", plan);
  form.addEventListener("change", plan);
  // The button that was pressed while a save ran; the form is sent with it when the save has ended.
  const sendAfter = async (save, button) => {
    if (save.awaited) return;
    save.awaited = true;
    if (button) button.setAttribute("aria-busy", "true");
    const enough = setTimeout(() => save.abort(), LONGEST_WAIT);
    await save.done;
    clearTimeout(enough);
    if (button) button.removeAttribute("aria-busy");
    form.requestSubmit(button);
  };

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (running) {
      event.preventDefault();
      sendAfter(running, event.submitter);
      return;
    }
    sending = true;
    clearTimeout(timer);
    keep();
    try {
      sessionStorage.setItem(MARK, key);
    } catch {
      /* then the text is only in the form */
    }
  });
  addEventListener("pageshow", () => {
    sending = false;
  });
  addEventListener("online", plan);
  restore();
}

// Share, listen and print: shown only where the browser can. Every page works without this file.
(function () {
  "use strict";

  function show(name, act) {
    var button = document.querySelector("[" + name + "]");
    if (!button) return null;
    button.hidden = false;
    button.addEventListener("click", function () { act(button); });
    return button;
  }

  show("data-print", function () { window.print(); });

  if (navigator.share) {
    show("data-share", function () {
      var link = document.querySelector("link[rel=canonical]");
      // Closing the browser's own dialogue is no error.
      navigator.share({ title: document.title, url: link ? link.href : location.href }).catch(function () {});
    });
  }

  var speech = window.speechSynthesis;
  if (!speech) return;
  var language = document.documentElement.lang;
  var shown = false;

  function voice() {
    return speech.getVoices().find(function (one) { return one.lang.slice(0, 2).toLowerCase() === language; });
  }

  function words() {
    // In pieces: some browsers stop in the middle of a long text.
    var pieces = [];
    document.querySelectorAll("main :is(h1, h2, h3, h4, p, li, dt, dd, caption, th, td)").forEach(function (part) {
      var text = part.innerText.trim();
      var inner = part.querySelector("p, li, h2, h3, h4, dd");
      if (text && !inner && !part.closest(".page-foot, nav, .sr-only")) pieces.push(text);
    });
    return pieces;
  }

  function offer() {
    if (shown || !voice()) return;
    shown = true;
    var button = show("data-listen", function () {
      if (speech.speaking) { speech.cancel(); return; }
      label.textContent = button.dataset.stop;
      var pieces = words();
      pieces.forEach(function (piece, place) {
        var said = new SpeechSynthesisUtterance(piece);
        said.voice = voice();
        said.lang = language;
        if (place === pieces.length - 1) said.onend = done;
        said.onerror = done;
        speech.speak(said);
      });
    });
    if (!button) return;
    var label = button.querySelector("span");
    var before = label.textContent;
    function done() { label.textContent = before; }
    window.addEventListener("pagehide", function () { speech.cancel(); });
  }

  offer();
  speech.addEventListener && speech.addEventListener("voiceschanged", offer);
})();

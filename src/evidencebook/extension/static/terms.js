// Shows what a term means without leaving the page. Without this script the term is a link to the glossary.
(() => {
  "use strict";
  const terms = [...document.querySelectorAll("a.term[title]")];
  if (!terms.length || !("popover" in HTMLElement.prototype)) return;

  const note = document.createElement("div");
  note.className = "term-note";
  note.popover = "auto"; // the browser closes it on Escape and on a press beside it
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const more = document.createElement("a");
  more.textContent = "Glossary";
  note.append(said, more);

  function show(term) {
    const definition = term.dataset.definition;
    term.after(note); // the next stop of the keyboard
    said.textContent = "";
    more.href = term.href;
    note.showPopover();
    said.textContent = `${term.textContent}: ${definition}`;
    const box = term.getClientRects()[0];
    const below = box.bottom + 6 + note.offsetHeight < innerHeight;
    note.style.top = `${Math.max(8, below ? box.bottom + 6 : box.top - 6 - note.offsetHeight)}px`;
    note.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - note.offsetWidth - 8))}px`;
  }

  for (const term of terms) {
    term.dataset.definition = term.title;
    term.removeAttribute("title"); // or it would show twice
    term.setAttribute("aria-haspopup", "true");
    term.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      show(term);
    });
  }
  window.addEventListener("scroll", () => note.matches(":popover-open") && note.hidePopover(), { passive: true });
})();

// Shows what a term means where it stands: to a pointer that rests on it, to the keyboard that reaches it, and on a press,
// with a way on to the glossary. Without this script the term is a link there, or has a title.
(() => {
  "use strict";
  const terms = [...document.querySelectorAll(".term[title]")];
  if (!terms.length || !("popover" in HTMLElement.prototype)) return;

  // WCAG 2.2, 1.4.13: the pointer may go over to the note, and whoever only passes by is not stopped.
  const BEFORE = 200; // milliseconds
  const AFTER = 300;
  const note = document.createElement("div");
  note.className = "term-note";
  note.popover = "manual"; // one that closes by itself would close a card that is open
  const said = document.createElement("p");
  const more = document.createElement("a");
  more.textContent = "Glossary";
  note.append(said, more);
  let current = null;
  let waiting = 0;
  let isClosing = false; // where the focus goes back to a term, its note stays away

  function place() {
    const lines = [...(current.closest("a:focus-visible") || current).getClientRects()]; // what has the focus stays in sight
    const top = Math.min(...lines.map((line) => line.top));
    const bottom = Math.max(...lines.map((line) => line.bottom));
    if (!lines.length || bottom < 0 || top > innerHeight) {
      hide();
      return;
    }
    const { left } = current.getClientRects()[0];
    const below = bottom + 6 + note.offsetHeight < innerHeight;
    note.style.top = `${Math.max(8, below ? bottom + 6 : top - 6 - note.offsetHeight)}px`;
    note.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - note.offsetWidth - 8))}px`;
  }

  function show(term, isAsked) {
    hide();
    current = term;
    // Who asked for it goes on to the glossary with the next step of the keyboard; others are not held up.
    if (isAsked) term.after(note);
    else if (!note.isConnected) document.body.append(note); // not before: a link that leads nowhere yet is one to robots
    more.hidden = !term.href || !(isAsked || term.matches(":hover"));
    more.href = term.href || "";
    said.textContent = "";
    if (isAsked) said.setAttribute("role", "status");
    else said.removeAttribute("role"); // the description of what has the focus is told anyway
    note.showPopover();
    said.textContent = `${term.textContent}: ${term.dataset.definition}`;
    place();
  }

  function hide() {
    clearTimeout(waiting);
    if (!current) return;
    current = null;
    note.hidePopover();
  }

  const later = (what, delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(what, delay);
  };
  const leave = () => later(() => !note.contains(document.activeElement) && hide(), AFTER);

  for (const term of terms) {
    const isLink = term.matches("a");
    const reached = term.closest("a") || term; // an abbreviation within a link is reached as that
    term.dataset.definition = term.title;
    term.removeAttribute("title"); // or it would show twice
    const others = reached.getAttribute("aria-description");
    reached.setAttribute("aria-description", others ? `${others} ${term.dataset.definition}` : term.dataset.definition);
    term.addEventListener("pointerenter", ({ pointerType }) => {
      if (pointerType === "touch") return;
      if (term === current) clearTimeout(waiting);
      else later(() => show(term, false), BEFORE);
    });
    term.addEventListener("pointerleave", leave);
    reached.addEventListener("focus", () => {
      if (!isClosing && reached.matches(":focus-visible") && !reached.contains(current)) show(term, false);
    });
    reached.addEventListener("blur", ({ relatedTarget }) => note.contains(relatedTarget) || hide());
    if (!isLink) continue;
    term.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      show(term, true);
    });
  }
  note.addEventListener("pointerenter", () => clearTimeout(waiting));
  note.addEventListener("pointerleave", leave);
  note.addEventListener("focusout", ({ relatedTarget }) => relatedTarget === current || hide());
  document.addEventListener("pointerdown", ({ target }) => current && !note.contains(target) && target !== current && hide());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !current) return;
    const back = note.contains(document.activeElement) ? current : null;
    isClosing = true;
    hide();
    back?.focus();
    isClosing = false;
  });
  window.addEventListener("scroll", () => current && place(), { passive: true });
})();

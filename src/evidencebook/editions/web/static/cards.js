// Opens the claim card of a fact: a preview on hover and keyboard focus, a dialog on click, tap and Enter.
// Without this script every fact is a plain link to its ledger entry, and remains one for a new tab or window.
(() => {
  "use strict";

  const data = document.querySelector("script.evidence-cards");
  if (!data) return;
  const { strings, cards } = JSON.parse(data.textContent);

  const PREFIX = "#ledger-";
  const OPEN_AFTER = 250; // ms: a pointer on its way across the text opens nothing
  const CLOSE_AFTER = 300; // ms: enough to cross from the link to the card
  const GAP = 6;
  const EDGE = 8;

  let card = null; // the open card, or null
  let link = null; // the fact that it belongs to
  let isPinned = false; // opened by intent, so it stays when pointer and focus go elsewhere
  let timer = 0;
  let pending = null; // the fact whose card the timer will open
  let dismissed = null; // closed while the pointer rests on it: not to be opened again before the pointer leaves
  let pressed = null; // where the last press began

  function element(name, properties, ...children) {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  }

  const text = (part) => (typeof part === "number" ? strings[part] : part);

  function inline(part) {
    if (!Array.isArray(part)) return document.createTextNode(text(part));
    const [label, ...address] = part;
    return element("a", { href: address.map(text).join(""), textContent: text(label) });
  }

  function build(owner) {
    const { value, text: statement, rows, links } = cards[factOf(owner)];
    const close = element("button", { type: "button", className: "close", textContent: "×" });
    close.setAttribute("aria-label", "Close");
    close.addEventListener("click", () => hide(true));
    const list = element("dl", {});
    for (const [term, cells] of rows) {
      list.append(element("dt", { textContent: text(term) }));
      list.append(...cells.map((cell) => element("dd", {}, ...cell.map(inline))));
    }
    const ledger = element("a", { href: owner.href, textContent: "Open in the evidence ledger" });
    const made = element(
      "div",
      { id: "evidence-card", className: "evidence-card", tabIndex: -1 },
      element("div", { className: "card-head" }, element("h2", { id: "evidence-card-value", textContent: text(value) || owner.textContent.trim() }), close),
      element("p", { id: "evidence-card-statement", textContent: text(statement) }),
      list,
      element("p", { className: "actions" }, ...links.map(inline), ledger),
    );
    made.setAttribute("role", "dialog");
    made.setAttribute("aria-labelledby", "evidence-card-value");
    made.setAttribute("aria-describedby", "evidence-card-statement");
    made.addEventListener("pointerenter", () => clearTimeout(timer));
    made.addEventListener("pointerleave", leave);
    made.addEventListener("focusin", () => { isPinned = true; });
    made.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && relatedTarget !== link && !made.contains(relatedTarget)) hide(false);
    });
    made.addEventListener("keydown", leaveByTab);
    return made;
  }

  function factOf(owner) {
    return decodeURIComponent(owner.hash).slice(PREFIX.length);
  }

  function show(owner, { pin = false, byKey = false } = {}) {
    clearTimeout(timer);
    pending = null;
    if (owner !== link) {
      hide(false);
      link = owner;
      card = build(owner);
      document.body.append(card);
      owner.setAttribute("aria-expanded", "true");
      owner.setAttribute("aria-controls", card.id);
    }
    place();
    if (pin || byKey) uncover();
    if (pin) card.focus({ preventScroll: true });
  }

  function hide(isFocusReturned) {
    clearTimeout(timer);
    pending = null;
    if (!card) return;
    const [owner, old] = [link, card];
    dismissed = owner.matches(":hover") ? owner : null;
    if (isFocusReturned) owner.focus({ preventScroll: true }); // while it still has its card: focus opens no other
    [card, link, isPinned] = [null, null, false];
    owner.setAttribute("aria-expanded", "false");
    owner.removeAttribute("aria-controls");
    old.remove();
  }

  // Below the link if there is room, else above; never over the link as long as the window allows it. On a narrow
  // window the style sheet makes a bottom sheet of it and disregards the place.
  function place() {
    if (!card) return;
    const box = link.getBoundingClientRect();
    const isGone = box.bottom < 0 || box.top > innerHeight;
    if (isGone && !isPinned && document.activeElement !== link) return hide(false);
    const above = box.top - GAP - EDGE;
    const below = innerHeight - box.bottom - GAP - EDGE;
    card.style.setProperty("--room", `${innerHeight - 2 * EDGE}px`);
    const isBelow = card.offsetHeight <= below || below >= above;
    const room = Math.max(isBelow ? below : above, Math.min(160, innerHeight - 2 * EDGE));
    card.style.setProperty("--room", `${room}px`);
    const { offsetHeight: height, offsetWidth: width } = card;
    const top = isBelow ? box.bottom + GAP : box.top - GAP - height;
    const left = link.getClientRects()[0].left;
    const within = (wanted, size, most) => Math.max(EDGE, Math.min(wanted, most - size - EDGE));
    card.style.setProperty("--top", `${within(top, height, innerHeight)}px`);
    card.style.setProperty("--left", `${within(left, width, document.documentElement.clientWidth)}px`);
  }

  // The bottom sheet must not hide the sentence that it explains.
  function uncover() {
    const isSheet = getComputedStyle(card).getPropertyValue("--is-sheet").trim() === "1";
    const hidden = link.getBoundingClientRect().bottom + EDGE - card.getBoundingClientRect().top;
    if (isSheet && hidden > 0) window.scrollBy({ top: hidden, behavior: "instant" });
  }

  function later(delay, action) {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  }

  function leave() {
    pending = null;
    later(CLOSE_AFTER, () => {
      if (card && !isPinned && !link.matches(":focus-visible")) hide(false);
    });
  }

  // The card stands at the end of the page; for the keyboard it stands right after its link.
  function leaveByTab(event) {
    if (event.key !== "Tab") return;
    const stops = [...card.querySelectorAll("a[href], button")];
    const isLast = document.activeElement === stops.at(-1);
    const isFirst = document.activeElement === card || document.activeElement === stops[0];
    if (event.shiftKey && isFirst) {
      event.preventDefault();
      hide(true);
    } else if (!event.shiftKey && isLast) {
      hide(true); // the browser moves on from the link to what follows it
    }
  }

  function listen(owner) {
    owner.setAttribute("aria-haspopup", "dialog");
    owner.setAttribute("aria-expanded", "false");
    owner.addEventListener("pointerenter", () => {
      if (owner === link) clearTimeout(timer);
    });
    // Not on entering: text that scrolls under a resting pointer has not been pointed at.
    owner.addEventListener("pointermove", ({ pointerType }) => {
      if (pointerType === "touch" || isPinned || [link, pending, dismissed].includes(owner)) return;
      pending = owner;
      later(OPEN_AFTER, () => show(owner));
    });
    owner.addEventListener("pointerleave", () => {
      dismissed = null;
      leave();
    });
    owner.addEventListener("focus", () => {
      if (owner !== link && owner.matches(":focus-visible")) show(owner, { byKey: true });
    });
    owner.addEventListener("blur", ({ relatedTarget }) => {
      const isPointedAt = owner.matches(":hover") || card?.matches(":hover");
      if (owner === link && !isPinned && !isPointedAt && !card.contains(relatedTarget)) hide(false);
    });
    owner.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (owner === link && isPinned) hide(true);
      else show(owner, { pin: true });
    });
  }

  for (const owner of document.querySelectorAll(`a.fact[href*="${PREFIX}"]`)) {
    if (Object.hasOwn(cards, factOf(owner))) listen(owner);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card) return;
    hide(isPinned || document.activeElement === link);
  });
  document.addEventListener("pointerdown", ({ target }) => { pressed = target; });
  // When the press ends, not when it begins: a finger that scrolls the page closes nothing.
  document.addEventListener("pointerup", () => {
    if (card && pressed && !card.contains(pressed) && !link.contains(pressed)) hide(false);
  });
  for (const change of ["scroll", "resize"]) {
    window.addEventListener(change, () => requestAnimationFrame(place), { passive: true });
  }
})();

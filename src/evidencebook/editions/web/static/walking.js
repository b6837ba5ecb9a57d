// The filter of the ledger and of lists of contradictions: without this script every entry is simply there.
(() => {
  "use strict";
  const entries = [...document.querySelectorAll(".ledger-entry, .contradiction")];
  if (!entries.length) return;

  const FACETS = [
    ["theme", "Theme"],
    ["source", "Source"],
    ["kind", "Kind of claim"],
    ["voice", "Kind of voice"],
    ["used", "Use"],
    ["differs", "What differs"],
    ["standing", "Standing"],
  ];
  // A section that holds more than entries stays, whatever is left of them: that of a whole page has its title.
  const sections = [...new Set(entries.map((entry) => entry.parentElement))].filter((section) => !section.querySelector("h1"));
  const texts = new Map(); // filled when words are looked for
  const controls = new Map();

  function textOf(entry) {
    if (!texts.has(entry)) texts.set(entry, plain(entry.textContent));
    return texts.get(entry);
  }

  function plain(text) {
    // 30,000 and 30000 are one number, as in the search.
    return text.toLowerCase().replace(/\s+/g, " ").replace(/(\d),(?=\d{3}(?!\d))/g, "$1");
  }

  function valuesOf(entry, facet) {
    const value = entry.getAttribute(`data-${facet}`) || "";
    return facet === "source" ? value.split(" ").filter(Boolean) : value ? [value] : [];
  }

  function labelOf(facet, value) {
    if (facet === "used") return value === "yes" ? "In a sentence or figure" : "In none";
    if (facet === "source") {
      const own = document.querySelector(`a.source[href$="#source-${CSS.escape(value)}"]`);
      if (own) return own.textContent;
    }
    const words = value.replace(/[_-]/g, " ");
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function labelled(facet, label, control) {
    control.id = `ledger-filter-${facet}`;
    controls.set(facet, control);
    return element("div", {}, element("label", { htmlFor: control.id, textContent: label }), control);
  }

  function choice(facet, label) {
    const values = [...new Set(entries.flatMap((entry) => valuesOf(entry, facet)))];
    if (!values.length) return [];
    const options = values.map((value) => element("option", { value, textContent: labelOf(facet, value) }));
    const all = element("option", { value: "", textContent: "All" });
    return [labelled(facet, label, element("select", {}, all, ...options))];
  }

  const isLedger = entries[0].matches(".ledger-entry");
  const noun = isLedger ? "entries" : "disagreements";
  const whereabouts = document.querySelector(".ledger-part") ? " on this page" : "";
  const status = element("p", { className: "ledger-status" });
  status.setAttribute("role", "status");
  status.setAttribute("aria-live", "polite");
  const reset = element("button", { type: "button", textContent: "Show all" });
  const form = element(
    "form",
    { className: "ledger-filter" },
    ...FACETS.flatMap(([facet, label]) => choice(facet, label)),
    labelled("words", isLedger ? "Words in the entry" : "Words in it", element("input", { type: "search", autocomplete: "off" })),
  );
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", isLedger && !whereabouts ? "Filter the ledger" : `Filter the ${noun} on this page`);
  form.append(element("div", { className: "ledger-found" }, status, reset));
  (sections[0] || entries[0]).before(form);

  function target() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  }

  // `linked` is the entry or section to which the address leads; it must be there, whatever was filtered before.
  function apply(linked = null) {
    const chosen = state();
    const words = plain(chosen.words || "").split(" ").filter(Boolean);
    const wanted = Object.entries(chosen).filter(([facet]) => facet !== "words");
    let shown = 0;
    for (const entry of entries) {
      const fits =
        wanted.every(([facet, value]) => valuesOf(entry, facet).includes(value)) &&
        words.every((word) => textOf(entry).includes(word));
      entry.hidden = !fits && entry !== linked;
      shown += entry.hidden ? 0 : 1;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector(":is(.ledger-entry, .contradiction):not([hidden])");
    }
    const isFiltered = Boolean(wanted.length || words.length);
    const hint = words.length && !shown ? "; words are found as the entries spell them" : "";
    status.textContent = isFiltered
      ? `${shown} of ${entries.length} ${noun}${whereabouts} shown${hint}`
      : `All ${entries.length} ${noun}${whereabouts} shown`;
    reset.hidden = !isFiltered;
    if (isFiltered && linked && sections.includes(linked) && linked.hidden) {
      // A section of which nothing is left says nothing: who goes there wants to see it.
      for (const control of controls.values()) control.value = "";
      change();
    }
    window.dispatchEvent(new Event("scroll")); // the list of sections marks the one that is now in sight
  }

  function state() {
    const chosen = [...controls].map(([facet, control]) => [facet, control.value.trim()]);
    return Object.fromEntries(chosen.filter(([, value]) => value));
  }

  // The address holds what is chosen, so that it can be sent and gone back to, beside #ledger-<id>.
  function remember(isNew) {
    const query = new URLSearchParams(location.search);
    for (const facet of controls.keys()) query.delete(facet);
    for (const [facet, value] of Object.entries(state())) query.set(facet, value);
    const address = `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`;
    try {
      history[isNew ? "pushState" : "replaceState"](null, "", address);
    } catch {
      return; // where a browser keeps the addresses of files as they are
    }
  }

  function recall() {
    const query = new URLSearchParams(location.search);
    for (const [facet, control] of controls) {
      control.value = query.get(facet) || "";
      // A choice that the tables do not offer would hide everything.
      if (control.selectedIndex === -1) control.value = "";
    }
  }

  let typed = false; // one step back for all that is typed at once
  function change(isTyping = false) {
    apply();
    remember(!(isTyping && typed));
    typed = isTyping;
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => change(event.target.type === "search"));
  reset.addEventListener("click", () => {
    for (const control of controls.values()) control.value = "";
    change();
    controls.get("words").focus();
  });
  window.addEventListener("popstate", () => {
    typed = false;
    recall();
    apply(target());
  });
  window.addEventListener("hashchange", () => {
    const linked = target();
    apply(linked);
    if (linked) linked.scrollIntoView();
  });
  recall();
  apply(target());
  // The controls have moved everything down since the browser looked for the target.
  if (target()) target().scrollIntoView();
})();

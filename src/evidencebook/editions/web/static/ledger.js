// The filter of the evidence ledger: without this script every entry is simply there.
(() => {
  "use strict";
  const entries = [...document.querySelectorAll(".ledger-entry")];
  if (!entries.length) return;

  const FACETS = [
    ["theme", "Theme"],
    ["source", "Source"],
    ["kind", "Kind of claim"],
    ["voice", "Kind of voice"],
    ["used", "Use"],
  ];
  const sections = [...new Set(entries.map((entry) => entry.parentElement))];
  const texts = new Map(); // filled when words are looked for
  const store = `evidence-ledger:${location.pathname}`;
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
      const own = entries.find((entry) => entry.getAttribute("data-source") === value && entry.querySelector(".source"));
      if (own) return own.querySelector(".source").textContent;
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
    const options = values.map((value) => element("option", { value, textContent: labelOf(facet, value) }));
    return labelled(facet, label, element("select", {}, element("option", { value: "", textContent: "All" }), ...options));
  }

  const whereabouts = document.querySelector(".ledger-part") ? " on this page" : "";
  const status = element("p", { className: "ledger-status" });
  status.setAttribute("role", "status");
  status.setAttribute("aria-live", "polite");
  const reset = element("button", { type: "button", textContent: "Show all" });
  const form = element(
    "form",
    { className: "ledger-filter" },
    ...FACETS.map(([facet, label]) => choice(facet, label)),
    labelled("words", "Words in the entry", element("input", { type: "search", autocomplete: "off" })),
  );
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", whereabouts ? "Filter the entries on this page" : "Filter the ledger");
  form.append(element("div", { className: "ledger-found" }, status, reset));
  sections[0].before(form);

  function target() {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  }

  // `linked` is the entry or section to which the address leads; it must be there, whatever was filtered before.
  function apply(linked = null) {
    const wanted = FACETS.map(([facet]) => [facet, controls.get(facet).value]).filter(([, value]) => value);
    const words = plain(controls.get("words").value).split(" ").filter(Boolean);
    let shown = 0;
    for (const entry of entries) {
      const fits =
        wanted.every(([facet, value]) => valuesOf(entry, facet).includes(value)) &&
        words.every((word) => textOf(entry).includes(word));
      entry.hidden = !fits && entry !== linked;
      shown += entry.hidden ? 0 : 1;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector(".ledger-entry:not([hidden])");
    }
    const isFiltered = Boolean(wanted.length || words.length);
    const hint = words.length && !shown ? "; words are found as the entries spell them" : "";
    status.textContent = isFiltered
      ? `${shown} of ${entries.length} entries${whereabouts} shown${hint}`
      : `All ${entries.length} entries${whereabouts} shown`;
    reset.hidden = !isFiltered;
    if (isFiltered && linked && sections.includes(linked) && linked.hidden) {
      // A section of which nothing is left says nothing: who goes there wants to see it.
      form.reset();
      change();
    }
    window.dispatchEvent(new Event("scroll")); // the list of sections marks the one that is now in sight
  }

  // The address stays free for #ledger-<id>; pages opened from disk may have no storage at all.
  function remember() {
    try {
      const state = Object.fromEntries([...controls].map(([facet, control]) => [facet, control.value]));
      sessionStorage.setItem(store, JSON.stringify(state));
    } catch {
      return;
    }
  }

  // Whoever comes anew sees all entries; who goes back or loads the page again finds what was chosen.
  function recall() {
    if (performance.getEntriesByType("navigation")[0]?.type === "navigate") return;
    try {
      const state = JSON.parse(sessionStorage.getItem(store) || "{}");
      for (const [facet, control] of controls) control.value = state[facet] || "";
    } catch {
      return;
    }
    for (const control of controls.values()) {
      // A choice that the tables no longer offer would hide everything.
      if (control.selectedIndex === -1) control.value = "";
    }
  }

  function change() {
    apply();
    remember();
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", change);
  reset.addEventListener("click", () => {
    form.reset();
    change();
    controls.get("words").focus();
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

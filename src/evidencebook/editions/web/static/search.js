// Looks through all sections and ledger entries of the edition. The index is built when the page opens.
(() => {
  "use strict";
  const MOST = 60;
  const AROUND = 90; // characters shown on each side of what was found
  const form = document.querySelector(".search-form");
  const field = form.elements.q;
  const list = document.querySelector(".search-found");
  const status = document.querySelector(".search-status");
  const rows = globalThis.EVIDENCE_SEARCH;

  // A number is one word, with or without its separators: 30,000 and 30000 find each other, and 2397 stays whole.
  function words(text) {
    const found = text.normalize("NFC").match(/\d+(?:[.,\u00a0\u202f]\d+)*|[\p{L}\p{M}]+(?:['’][\p{L}]+)?/gu) || [];
    return found.map((word) => (/^\d/.test(word) ? word.replace(/[,\u00a0\u202f](?=\d{3}(?!\d))/g, "") : word));
  }

  const fold = (word) => word.normalize("NFD").replace(/\p{M}/gu, "").replace(/['’]s$/, "").toLowerCase();
  // A plural and its singular are one word to a reader.
  const stem = (word) => (word.length > 4 && /[^s]s$/.test(word) ? word.slice(0, -1) : word);
  const term = (word) => stem(fold(word));

  const index = new MiniSearch({
    fields: ["title", "text"],
    tokenize: words,
    processTerm: term,
    searchOptions: {
      boost: { title: 3 },
      prefix: (word) => word.length > 2 && !/^\d/.test(word),
      fuzzy: (word) => (word.length > 5 && !/^\d/.test(word) ? 0.15 : false),
      // A chapter explains; the ledger lists. What explains comes first.
      boostDocument: (id) => (/ledger|contradiction-|event-/.test(rows[id][0]) ? 0.6 : 1),
    },
  });
  index.addAll(rows.map(([, , title, text], id) => ({ id, title, text })));

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function excerpt(text, terms) {
    const places = [...text.matchAll(/\d+(?:[.,\u00a0\u202f]\d+)*|[\p{L}\p{M}]+/gu)].filter(([word]) =>
      words(word).some((part) => terms.has(term(part))),
    );
    const at = places.length ? places[0].index : 0;
    const from = at <= AROUND ? 0 : text.lastIndexOf(" ", at - AROUND) + 1;
    const to = text.length <= at + 2 * AROUND ? text.length : text.indexOf(" ", at + 2 * AROUND);
    const end = to === -1 ? text.length : to;
    const shown = element("p", {}, from ? "… " : "");
    let done = from;
    for (const place of places) {
      if (place.index < done || place.index >= end) continue;
      shown.append(text.slice(done, place.index), element("mark", { textContent: place[0] }));
      done = place.index + place[0].length;
    }
    shown.append(text.slice(done, end), end < text.length ? " …" : "");
    return shown;
  }

  function search(query) {
    list.replaceChildren();
    if (!query.trim()) {
      status.textContent = "";
      return;
    }
    const all = index.search(query, { combineWith: "AND" });
    const found = all.length ? all : index.search(query, { combineWith: "OR" });
    const every = all.length ? "" : "No passage has all of these words. ";
    const number = found.length === 1 ? "One passage has" : `${found.length} passages have`;
    status.textContent = found.length
      ? `${every}${number} ${every ? "some of them" : "what you look for"}${found.length > MOST ? `; the first ${MOST} are shown` : ""}.`
      : "Nothing was found.";
    for (const { id, terms } of found.slice(0, MOST)) {
      const [address, page, title, text] = rows[id];
      list.append(
        element(
          "li",
          {},
          element("a", { href: address, textContent: title || page }),
          element("div", { className: "where", textContent: page }),
          excerpt(text, new Set(terms)),
        ),
      );
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const address = new URL(location.href);
    address.searchParams.set("q", field.value);
    history.replaceState(null, "", address);
    search(field.value);
  });
  field.addEventListener("input", () => search(field.value));
  field.value = new URLSearchParams(location.search).get("q") || "";
  search(field.value);
  field.focus();
})();

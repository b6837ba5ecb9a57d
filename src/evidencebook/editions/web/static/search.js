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
      boostDocument: (id) => (/ledger|contradiction-|event-/.test(rows[id][0]) ? 0.6 : rows[id][4] ? 1.5 : 1),
    },
  });
  index.addAll(rows.map(([, , title, text], id) => ({ id, title, text })));

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // The stretches of a text around the first place of each word that was found, no more than three.
  function stretches(text, places) {
    const firsts = [...new Map(places.map((place) => [term(place[0]), place.index]).reverse()).values()].sort((a, b) => a - b);
    const found = [];
    for (const at of firsts.length ? firsts.slice(0, 3) : [0]) {
      // From where the cell or the sentence begins, if that is near.
      const near = Math.max(0, ...[" · ", ". "].map((end) => text.lastIndexOf(end, at) + (text.lastIndexOf(end, at) < 0 ? 1 : end.length)));
      const from = at - near <= AROUND ? near : text.lastIndexOf(" ", at - AROUND) + 1;
      const to = text.indexOf(" ", at + (firsts.length > 1 ? AROUND : 2 * AROUND));
      const last = found.at(-1);
      if (last && from <= last.to) last.to = to === -1 ? text.length : to;
      else found.push({ from, to: to === -1 ? text.length : to });
    }
    return found;
  }

  function excerpt(text, terms) {
    const places = [...text.matchAll(/\d+(?:[.,\u00a0\u202f]\d+)*|[\p{L}\p{M}]+/gu)].filter(([word]) =>
      words(word).some((part) => terms.has(term(part))),
    );
    const shown = element("p", {});
    for (const { from, to } of stretches(text, places)) {
      let done = from;
      shown.append(from ? " … " : "");
      for (const { 0: word, index: at } of places) {
        if (at < done || at >= to) continue;
        shown.append(text.slice(done, at), element("mark", { textContent: word }));
        done = at + word.length;
      }
      shown.append(text.slice(done, to));
      if (to < text.length) shown.append(" …");
    }
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

// Looks through all sections and ledger entries of the edition. The index is built when the page opens.
(() => {
  "use strict";
  // What explains comes first, and what lists last: the groups of searched.py, in its order.
  const GROUPS = [
    { id: "found-chapters", name: "Chapters" },
    { id: "found-appendix", name: "Appendix and sources" },
    { id: "found-entries", name: "Evidence ledger and disagreements" },
  ];
  const FIRST = 8; // passages of each group that are shown at once
  const OFFERED = 3; // words that might have been meant
  const PAUSE = 150; // milliseconds in which nothing is typed, so that no screen reader has to say every letter
  const SCOPE =
    "The search looks through all pages and every entry of the evidence ledger. Fewer or other words may find more.";
  const { split, term, keys, counted, nearest } = globalThis.EVIDENCE_WORDS;
  const { excerpt, heading } = globalThis.EVIDENCE_EXCERPTS;
  const { pages, passages, same } = globalThis.EVIDENCE_SEARCH;
  const form = document.querySelector(".search-form");
  form.hidden = false; // without this script it could do nothing
  const field = form.elements.q;
  const status = document.querySelector(".search-status");
  const groups = document.querySelector(".search-groups");
  const list = document.querySelector(".search-found");

  const index = new MiniSearch({
    fields: ["title", "text"],
    tokenize: split,
    processTerm: keys,
    searchOptions: {
      boost: { title: 3 },
      processTerm: term,
      prefix: (word) => word.length > 2 && !/^\d/.test(word),
    },
  });
  index.addAll(passages.map(([, , title, text], id) => ({ id, title, text })));

  // Of words that the report takes for one, a passage needs one: "DPRK", or both words of "North Korea".
  const sameWords = same.map((group) => group.map(split));
  function alternatives(word) {
    const is = (words) => words.length === 1 && term(words[0]) === term(word);
    const others = sameWords.filter((group) => group.some(is)).flatMap((group) => group.filter((words) => !is(words)));
    const queries = [word, ...others.map((words) => ({ combineWith: "AND", queries: words }))];
    return others.length ? { combineWith: "OR", queries } : word;
  }

  const find = (query, combineWith) => index.search({ combineWith, queries: split(query).map(alternatives) });

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  const count = (number) => (number === 1 ? "One passage has" : `${number} passages have`);

  function result({ id, terms }) {
    const [page, anchor, title, text] = passages[id];
    const [address, place] = pages[page];
    const found = new Set(terms);
    const made = element(
      "li",
      {},
      element("a", { href: `${address}#${anchor}` }, ...heading(title || place, found)),
      // A page's first section has the page's own title, in chapters behind their number.
      title && !title.endsWith(place) ? element("div", { className: "where", textContent: place }) : "",
    );
    if (text) made.append(excerpt(text, found));
    return made;
  }

  function group({ id, name }, found) {
    const shown = element("ol", {}, ...found.slice(0, FIRST).map(result));
    const number = element("span", { className: "count", textContent: found.length });
    const made = element("section", {}, element("h2", { id, tabIndex: -1 }, name, " ", number), shown);
    made.setAttribute("aria-labelledby", id);
    if (found.length > FIRST) {
      const more = element("button", { type: "button", textContent: `Show all ${found.length}` });
      more.setAttribute("aria-describedby", id);
      more.addEventListener("click", () => {
        const rest = found.slice(FIRST).map(result);
        shown.append(...rest);
        // The button goes; whoever pressed it goes on reading where it stood.
        rest[0].querySelector("a").focus();
        more.remove();
      });
      made.append(more);
    }
    return made;
  }

  // Counted when a word is first lacking, which most readers never see.
  let counts;
  const written = () => (counts ??= counted(passages.map(([, , title, text]) => `${title} · ${text}`)));

  // What might have been meant, if the edition lacks words of the question: it with the nearest words in their place.
  function meant(query) {
    const lacking = split(query).filter((word) => !find(word, "OR").length);
    const near = lacking.map((word) => nearest(word, written()).slice(0, lacking.length > 1 ? 1 : OFFERED));
    if (!near.some((words) => words.length)) return [];
    const most = Math.max(...near.map((words) => words.length));
    return Array.from({ length: most }, (_, at) =>
      lacking.reduce((made, word, which) => made.replace(word, () => near[which][at] || word), query.trim()),
    );
  }

  function offer(queries) {
    const buttons = queries.map((query) => {
      const button = element("button", { type: "button", textContent: query });
      button.addEventListener("click", () => {
        field.value = query;
        remember();
        search();
        field.focus();
      });
      return button;
    });
    return [" Did you mean ", ...buttons.flatMap((button, at) => (at ? [" or ", button] : [button])), "?"];
  }

  function search() {
    const query = field.value;
    const isAsked = split(query).length > 0;
    const all = isAsked ? find(query, "AND") : [];
    const found = all.length || !isAsked ? all : find(query, "OR");
    const parts = GROUPS.map((one, at) => [one, found.filter(({ id }) => passages[id][4] === at)]).filter(
      ([, some]) => some.length,
    );
    list.replaceChildren(...parts.map(([one, some]) => group(one, some)));
    groups.replaceChildren(
      ...parts.map(([{ id, name }, some]) => element("a", { href: `#${id}` }, `${name}\u00a0(${some.length})`)),
    );
    groups.hidden = parts.length < 2;
    if (!query.trim()) {
      status.replaceChildren();
    } else if (all.length) {
      status.replaceChildren(`${count(all.length)} what you look for.`);
    } else {
      const queries = meant(query);
      status.replaceChildren(
        found.length
          ? `No passage has all of these words. ${count(found.length)} some of them.`
          : `Nothing was found for “${query.trim()}”.`,
        ...(queries.length ? offer(queries) : found.length ? [] : [` ${SCOPE}`]),
      );
    }
  }

  // The address keeps the question, for whoever comes back from what was found.
  function remember() {
    const address = new URL(location.href);
    address.searchParams.set("q", field.value);
    history.replaceState(null, "", address);
  }

  let pause;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    remember();
    search();
  });
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, PAUSE);
  });
  field.addEventListener("change", remember);
  field.value = new URLSearchParams(location.search).get("q") || "";
  search();
  field.focus();
})();

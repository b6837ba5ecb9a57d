// What a search result shows of its passage: the stretches around what was found, with that marked.
(() => {
  "use strict";
  const { WORD, split, term, keys } = globalThis.EVIDENCE_WORDS;
  const BEFORE = 60; // characters shown before what was found, at most
  const AFTER = 190; // and behind it, shared among the stretches
  const STRETCHES = 3;
  const CELL = " · "; // parts cells, and the fields of an entry, in the text of a passage

  // Where a text has words that were found; `asked` are their terms in the index.
  function places(text, asked) {
    const isFound = (word) => split(word).some((part) => keys(part).some((one) => asked.has(one)));
    return [...text.matchAll(WORD)].filter(([word]) => isFound(word)).map(({ 0: word, index }) => ({ word, at: index }));
  }

  // From where the field or the sentence begins, if that is near, and else from a word shortly before.
  function begin(text, at) {
    const near = Math.max(0, at - BEFORE);
    const before = text.slice(near, at);
    const starts = [...before.matchAll(/ · |[.?!]["”’)]* (?=["“‘(]*[\p{Lu}\d])/gu)];
    const last = starts.at(-1);
    if (last) return { from: near + last.index + last[0].length, isCut: false };
    if (!near) return { from: 0, isCut: false };
    return { from: near + /^\S*[\s·…]*/.exec(before)[0].length, isCut: true };
  }

  // The stretches of a text around the first place of each word that was found.
  function stretches(text, found) {
    const firsts = [...new Map(found.map(({ word, at }) => [term(split(word)[0]), at]).reverse()).values()];
    const shown = firsts.sort((one, other) => one - other).slice(0, STRETCHES);
    const made = [];
    for (const at of shown.length ? shown : [0]) {
      const { from, isCut } = begin(text, at);
      const end = text.indexOf(" ", at + AFTER / (shown.length || 1));
      const to = end === -1 ? text.length : end;
      const last = made.at(-1);
      if (last && from <= last.to + CELL.length) last.to = Math.max(last.to, to);
      else made.push({ from, to, isCut });
    }
    return made;
  }

  // The text from one place to another, its words that were found marked.
  function marked(text, found, from = 0, to = text.length) {
    const made = [];
    let done = from;
    for (const { word, at } of found) {
      if (at < done || at + word.length > to) continue;
      made.push(text.slice(done, at), Object.assign(document.createElement("mark"), { textContent: word }));
      done = at + word.length;
    }
    return [...made, text.slice(done, to)];
  }

  // Where a stretch ends once nothing is left at its end that only leads on: a label, a dot between cells, an ellipsis.
  function trimmed(text, { from, to }) {
    if (to === text.length) return to;
    return from + text.slice(from, to).replace(/(?: · [^·:]{1,30}:)?[\s·…,;:]*$/, "").length;
  }

  function excerpt(text, asked) {
    const found = places(text, asked);
    const shown = document.createElement("p");
    let isOpen = false; // whether an ellipsis is wanted before what follows
    for (const stretch of stretches(text, found)) {
      const end = trimmed(text, stretch);
      if (stretch.isCut || isOpen) shown.append(isOpen ? " … " : "… ");
      shown.append(...marked(text, found, stretch.from, end));
      isOpen = end < text.length;
    }
    if (isOpen) shown.append(" …");
    return shown;
  }

  const heading = (text, asked) => marked(text, places(text, asked));

  globalThis.EVIDENCE_EXCERPTS = Object.freeze({ excerpt, heading });
})();

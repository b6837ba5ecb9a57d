// What counts as one word of the search: numbers with or without separators, plurals, and spellings of either side of
// the Atlantic. The index, the question and the marks in what was found all see a word through `term`.
(() => {
  "use strict";
  const WORD = /\d+(?:[.,\u00a0\u202f]\d+)*|[\p{L}\p{M}]+(?:['’]\p{L}+)?/gu;

  // Rules, tried in this order, that lead both spellings of a word to the same letters. What they make need not be a
  // word; it may only not be the term of another one. So "our" wants three letters before it (not hour, four, your),
  // a doubled l a vowel in an earlier syllable (not filled and filed), and what is no rule in English is named.
  const SPELLINGS = [
    [/^(.{3,})our(?=$|ed$|ing$|er|able|ful|less|ite|hood|al|ism|ist|ly)/, "$1or"], // labour, neighbouring, behavioural
    [/(..[btv])red$/, "$1ered"], // centred
    [/(..[btv])re$/, "$1er"], // centre, theatre, fibre
    [/gramme$/, "gram"],
    [/logue$/, "log"],
    [/(..[iy])z(?=e$|ed$|ing$|er$|ations?|able$|ement)/, "$1s"], // organize, organization, analyzed
    [/([aeiou].*[^aeiou][aeiou])ll(?=$|ed$|ing$|er$|or$|ous$|ment)/, "$1l"], // travelled, counsellor, enrollment
    [/([aeiou]{2})ll(?=ed$|ing$)/, "$1l"], // fuelled
    [/ll(?=ful)/, "l"], // skillful
    [/dgement/, "dgment"],
    [/^(def|off|pret|lic)enc/, "$1ens"], // defence, offence, pretence, licence; not evidence, and not sentence
    [/^practis/, "practic"],
    [/^(advis|protest)or/, "$1er"],
    [/^(burn|dream|learn|spoil)t$/, "$1ed"],
    [/^(kidna|worshi)pp/, "$1p"],
    [/^grey/, "gray"],
    [/^ageing$/, "aging"],
    [/^sceptic/, "skeptic"],
    [/^artefact/, "artifact"],
    [/^enquir/, "inquir"],
    [/oeu/, "eu"], // manoeuvre
    [/a(?=e(?:mi|sth|di))/, ""], // anaemia, anaesthetic, paediatric
  ];

  // A number is one word, with or without its separators: 30,000 and 30000 find each other, and 2397 stays whole.
  const whole = (word) => (/^\d/.test(word) ? word.replace(/[,\u00a0\u202f](?=\d{3}(?!\d))/g, "") : word);
  const split = (text) => (text.normalize("NFC").match(WORD) || []).map(whole);
  const plain = (word) => word.normalize("NFD").replace(/\p{M}/gu, "").replace(/['’]s$/, "").toLowerCase();

  // A plural and its singular are one word to a reader: worker(s), factory and factories, branch(es).
  function singular(word) {
    if (word.length < 5) return word;
    const one = /[^s]s$/.test(word) ? word.slice(0, -1) : word;
    return one.replace(/([^aeiou])ie$/, "$1y").replace(/(ss|sh|ch|x)e$/, "$1");
  }

  function fold(word) {
    const lower = plain(word);
    return /^\d/.test(lower) ? lower : SPELLINGS.reduce((made, [from, to]) => made.replace(from, to), singular(lower));
  }

  // A text has many words, and few that differ.
  function remembered(make) {
    const made = new Map();
    return (word) => {
      if (!made.has(word)) made.set(word, make(word));
      return made.get(word);
    };
  }
  const term = remembered(fold);

  // Under what the index keeps a word. While somebody types "factories", what stands there is the beginning of that word
  // and not of "factory".
  const keys = remembered((word) => (plain(word).startsWith(term(word)) ? [term(word)] : [term(word), plain(word)]));

  // Letters to be changed, put in, left out or swapped with their neighbour: Damerau and Levenshtein's distance in the
  // form that changes no place twice (optimal string alignment); above `most` it only says that it is more.
  function distance(one, other, most) {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let before = [];
    let last = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let row = 1; row <= one.length; row++) {
      const now = [row];
      for (let at = 1; at <= other.length; at++) {
        const same = one[row - 1] === other[at - 1];
        now[at] = Math.min(last[at] + 1, now[at - 1] + 1, last[at - 1] + (same ? 0 : 1));
        const isSwap = row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
        if (isSwap) now[at] = Math.min(now[at], before[at - 2] + 1);
      }
      if (Math.min(...now) > most) return most + 1;
      [before, last] = [last, now];
    }
    return last[other.length];
  }

  // How often texts have each word, as it is written there.
  function counted(texts) {
    const counts = new Map();
    for (const word of texts.flatMap(split)) counts.set(word, (counts.get(word) || 0) + 1);
    return counts;
  }

  // The written words nearest to one that the texts lack, best first, of those only that are equally near, each in the
  // form that is nearest and most frequent. A number that is nearly another is not that number.
  function nearest(word, counts) {
    const asked = term(word);
    const most = /^\d/.test(asked) || asked.length < 3 ? 0 : asked.length < 6 ? 1 : 2;
    const near = new Map(); // by term
    for (const [written, count] of most ? counts : []) {
      const made = term(written);
      const far = distance(asked, made, most);
      if (far > most || /^\d/.test(made)) continue;
      const one = near.get(made) || { times: 0, forms: [] };
      // Few slips are made in the first letter, so a word that begins alike is nearer.
      one.far = far + (made[0] === asked[0] ? 0 : 0.5);
      one.times += count;
      one.forms.push({ written, count, far: distance(plain(word), plain(written), Infinity) });
      near.set(made, one);
    }
    const best = Math.min(...[...near.values()].map(({ far }) => far));
    return [...near.values()]
      .filter(({ far }) => far === best)
      .sort((one, other) => other.times - one.times)
      .map(({ forms }) => forms.sort((one, other) => one.far - other.far || other.count - one.count)[0].written);
  }

  globalThis.EVIDENCE_WORDS = Object.freeze({ WORD, split, term, keys, counted, nearest });
})();

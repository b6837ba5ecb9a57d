// Shows an article with its candidate claims; each decision and each cell is in the sheet as soon as it is made.
(async () => {
  "use strict";
  const ask = async (path, said) => {
    const options = said && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) };
    const answer = await fetch(path, options).catch(() => null);
    if (!answer) throw new Error("The review has ended here: start it again, nothing is lost.");
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.problems.join("\n"));
    return found;
  };
  const make = (name, given = {}, ...inner) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(given)) key in made ? (made[key] = value) : made.setAttribute(key, value);
    made.append(...inner);
    return made;
  };
  const find = (query, within = document) => within.querySelector(query);
  const say = (words) => (find("footer p").textContent = words);

  let state;
  try {
    state = await ask("/state");
  } catch (error) {
    return say(error.message);
  }
  const { text, columns, fields, themes, kinds, ratings } = state;
  document.title = find("h1").textContent = `Review of ${state.source}`;
  const codes = [...text]; // offsets count code points
  const cut = (start, end) => codes.slice(start, end).join("");
  const shown = (cell) => cell.replace(/^'(?=[=+\-@])/, "");
  const rows = state.rows.map(({ cells, value }, at) => ({ at, cells, value, table: "claims", problems: [] }));
  const card = state.card.map((cells, at) => ({ at, cells, table: "card", name: cells.field, problems: [] }));
  const isRest = (row) => row.cells.likely.startsWith("unlikely");
  const byPlace = (a, b) => a.cells["#at"] - b.cells["#at"] || a.cells["#start"] - b.cells["#start"];
  const first = rows.filter((row) => !isRest(row)).sort(byPlace);
  const rest = rows.filter(isRest).sort(byPlace);
  const ordered = [...first, ...rest];
  let now, others = [], isJudged = false;

  // Writing, one change after the other; what is wrong is asked for when nothing is being written.
  let writing = Promise.resolve(), waiting, asked = 0;
  const save = (row, cells) => {
    Object.assign(row.cells, cells);
    isJudged = false;
    const said = { table: row.table, row: row.at, cells };
    writing = writing.then(() => ask("/change", said)).catch((error) => { say(error.message); throw error; });
    clearTimeout(waiting);
    waiting = setTimeout(judge, 300);
    draw(row);
    return writing;
  };
  const judge = async () => {
    const own = ++asked;
    let found;
    try {
      await writing;
      found = await ask("/problems");
    } catch (error) {
      return say(error.message);
    }
    if (own !== asked || !found) return;
    isJudged = true;
    for (const row of [...rows, ...card]) row.problems = [];
    others = [];
    for (const one of found) {
      const at = one.table === "claims" ? rows[one.row] : one.table === "card" ? card[one.row] : null;
      at ? at.problems.push(one) : others.push(one);
    }
    rows.forEach(draw);
    drawCard();
  };

  // A field for a cell: a list where the values are closed, with what each means.
  const field = (row, name, column, value, changed) => {
    const id = `${row.table}-${row.at}-${name}`;
    const values = Object.entries(column.values);
    const input = values.length
      ? make("select", { id }, ...["", ...(value && !(value in column.values) ? [value] : []), ...values.map(([one]) => one)].map((one) =>
          make("option", { value: one, selected: one === value }, one && column.values[one] && column.values[one] !== one ? `${one} – ${column.values[one]}` : one || "(empty)")))
      : make("input", { id, value });
    // What it means stands below: of a list with meanings, that of the value that is chosen.
    const meaning = make("small", { className: "told", id: `${id}-told` });
    const tell = () => (meaning.textContent = (column.values[input.value] !== input.value && column.values[input.value]) || column.told);
    tell();
    input.setAttribute("aria-describedby", meaning.id);
    input.addEventListener("change", () => { tell(); changed(input.value.trim()); });
    return make("div", {}, make("label", { htmlFor: id }, column.title), input, ...(row.table === "card" ? [] : [meaning]));
  };

  // The card: what is empty and must be known first, the rest folded.
  const drawCard = () => {
    for (const row of card) if (row.list) {
      row.list.replaceChildren(...row.problems.map((one) => make("li", {}, one.what)));
      if (row.problems.length) find("#card").open = true;
    }
    progress();
  };
  const fill = () => {
    const box = (row) => {
      const column = fields[row.name];
      row.list = make("ul", { className: "problems" });
      const made = field(row, row.name, column, shown(row.cells.value), (value) => save(row, { value }));
      made.append(make("p", { className: "told" }, [row.cells.why && `${row.cells.why}.`, column.told].filter(Boolean).join(" ")), row.list);
      return made;
    };
    const open = card.filter((row) => fields[row.name]?.required && row.name !== "source_id" && !row.cells.value);
    const known = card.filter((row) => fields[row.name] && row.name !== "source_id" && !open.includes(row));
    const told = ["published", "is_copy", "origin_cluster"].map((name) => known.find((row) => row.name === name));
    const summary = told.filter(Boolean).map((row) => `${fields[row.name].title.toLowerCase()} ${row.cells.value || "empty"}`).join(", ");
    find("#card > div").append(
      ...(open.length ? [make("p", {}, "Only you can know:"), ...open.map(box)] : []),
      make("details", {}, make("summary", {}, `What is proposed: ${summary}`), ...known.map(box)));
    find("#card h2").textContent = open.length ? `The card: ${open.length} to fill in` : "The card: look at what is proposed";
    find("#card").open = open.length > 0;
  };

  // The voices: what is said of one counts for all its rows.
  const OF_VOICE = ["speaker_type", "reliability", "credibility", "rating_reason"].filter((name) => columns[name]);
  const opening = (speaker) => {
    const short = speaker.replace(/ \(own narration\)$/, "").split(/,| (?:who|which|that|whose) /)[0];
    const head = short.split(/ (?:in|at|of|from|for|with|to|on|by|near) /)[0];
    const isName = !/^[a-z]/.test(head.split(" ").pop()) || /^(?:two|both|several|one|another|the|an?) |[^s]s$/i.test(head);
    return isName ? short[0].toUpperCase() + short.slice(1) : `${/^[aeiou]/i.test(short) ? "An" : "A"} ${short}`;
  };
  // Who a sentence says to speak, and whether that is the voice of its row.
  const voice = (said) => said.match(/^(?:An? |The )?(.+?) (?:says?|reports?|estimates?) that /)?.[1];
  const isTheirs = (statement, speaker) => {
    const [who, old] = [speaker.toLowerCase(), statement.replace(/^(?:An?|The) /, "").toLowerCase()];
    const said = (voice(statement) || "").toLowerCase();
    return who && (old.startsWith(who.replace(" (own narration)", "")) || (said && who.startsWith(said)));
  };
  const renamed = (statement, from, to) => {
    const said = statement.match(/^(.+?) (says?|reports?|estimates?) that /);
    const begun = [opening(from), opening(from.split(/,| (?:in|at|of|from|for|with|to) /)[0])].find((one) => statement.startsWith(`${one} `));
    if (!said && begun) return { statement: `${opening(to)}${statement.slice(begun.length)}` };
    if (!said || !isTheirs(statement, from)) return {};
    const verb = /\(own narration\)$/.test(to) ? "reports" : said[2].replace("reports", "says");
    return { statement: `${opening(to)} ${verb} that ${statement.slice(said[0].length)}` };
  };
  const ofVoice = (speaker) => rows.filter((row) => row.cells.speaker === speaker);
  const held = (row) => Object.fromEntries(OF_VOICE.map((name) => [name, row.cells[name]]));
  const speakers = () => [...new Set(ordered.map((row) => row.cells.speaker).filter(Boolean))];
  // Gives a row the voice, with all that was said of that voice in another row.
  const speak = (row, speaker) => {
    const known = ofVoice(speaker).find((one) => one !== row);
    const cells = { speaker, ...(known && held(known)), ...renamed(row.cells.statement, row.cells.speaker, speaker) };
    change(row, cells);
    clearTimeout(drawing);
    drawing = setTimeout(drawVoices);
  };
  let drawing;
  const change = (row, cells) => {
    save(row, cells).catch(() => {});
    if (row.area && "statement" in cells) row.area.value = cells.statement;
    if (row.item) refill(row);
  };
  const drawVoices = () => {
    const shownOf = (name) => {
      const own = ofVoice(name);
      const all = { cells: own[0].cells, table: "voice", at: speakers().indexOf(name) };
      const set = (cells) => { ofVoice(name).forEach((row) => change(row, cells)); drawVoices(); };
      const speaker = field(all, "speaker", columns.speaker, name, (to) => to && to !== name && ofVoice(name).forEach((row) => speak(row, to)));
      const rest = OF_VOICE.map((cell) => field(all, cell, columns[cell], own[0].cells[cell], (value) =>
        set({ [cell]: value, ...(cell === "speaker_type" && ratings[value]) })));
      return make("details", {}, make("summary", {}, `${name}: ${own[0].cells.speaker_type} ${own[0].cells.reliability}${own[0].cells.credibility}, ${own.length} row${own.length > 1 ? "s" : ""}`),
        make("div", { className: "cells" }, speaker, ...rest));
    };
    const names = speakers();
    find("#voices h2").textContent = `Voices: ${names.length}, each decided once for all its rows`;
    const within = document.activeElement?.closest("#voices") && document.activeElement.id;
    const isOpen = [...document.querySelectorAll("#voices > div > details")].map((one) => one.open);
    find("#voices > div").replaceChildren(...names.map(shownOf));
    document.querySelectorAll("#voices > div > details").forEach((one, at) => (one.open = !!isOpen[at]));
    if (within) document.getElementById(within)?.focus();
  };

  // A candidate.
  const VALUE = ["low", "high", "qualifier", "unit", "per", "kind"];
  const MORE = ["scope", "theme", "modality", "speaker", "speaker_type", "place_id", "when", "when_basis", "reliability",
    "credibility", "rating_reason", "note", "event_id", "repeats", "claim_id", "fragment"];
  const worth = ({ low, high, qualifier, unit, per }) => {
    if (!unit && !low && !high) return "no value";
    const sum = qualifier === "range" ? `${low} to ${high}` : `${(qualifier || "").replace("exact", "").replace("_", " ")} ${low || high}`;
    return `${sum.trim()} ${unit}${per ? ` per ${per}` : ""}`;
  };
  const decided = ({ cells }) => ({ accept: "taken", edit: "taken", drop: "dropped" })[cells.decision.toLowerCase()] || "";
  const build = (row) => {
    const { cells } = row;
    const start = Number(cells["#start"]), at = Number(cells["#at"]), found = shown(cells.found);
    const end = Number(cells["#end"]);
    const quoted = at < 0 ? [shown(cells.passage)]
      : [cut(start, at), make("mark", { className: "now" }, found), cut(at + [...found].length, end)];
    row.head = make("button", { className: "head", type: "button" }, make("b"), make("span"));
    row.head.addEventListener("click", () => go(row));
    row.area = make("textarea", { id: `say-${row.at}`, value: cells.statement, rows: 3 });
    let later;
    row.area.addEventListener("input", () => {
      clearTimeout(later);
      later = setTimeout(() => reworded(row) && save(row, reworded(row)), 400);
    });
    row.area.addEventListener("change", () => reworded(row) && save(row, reworded(row)));
    row.topic = make("p", { className: "told" });
    const setTopic = (topic) => save(row, { topic, ...(themes[topic] && { theme: themes[topic] }) }).then(() => refill(row));
    row.offers = cells.topics.split(" or ").filter(Boolean).map((topic, at) => {
      const input = make("input", { type: "radio", name: `topic-${row.at}`, value: topic, checked: topic === cells.topic });
      input.addEventListener("change", () => setTopic(topic));
      return make("label", { title: columns.topic.values[topic] || "" }, input, ` ${at + 1} ${topic}`);
    });
    row.other = make("input", { placeholder: "another: search", "aria-label": "Another topic" });
    row.other.setAttribute("list", "topics");
    row.other.addEventListener("change", () => {
      const said = row.other.value.trim();
      if (said) setTopic(said);
    });
    row.cells_ = make("div", { className: "cells" });
    row.more = make("details", {}, make("summary"), row.cells_);
    row.bare = make("div", { className: "cells" });
    row.voices = make("div", { className: "voice" });
    row.list = make("ul", { className: "problems" });
    const hints = cells.likely.replace(/^\w+: /, "").split(", ").filter((one) => !/^(a quantity|counts \S+|hedged|somebody says so|a voice|and no figure)$/.test(one));
    row.hints = make("p", { className: "told" }, hints.join(", "));
    const press = (decision, label) => {
      const made = make("button", { type: "button", "aria-pressed": "false" }, label);
      made.addEventListener("click", () => decide(row, decision));
      return made;
    };
    row.take = press("accept", "Accept");
    row.drop = press("drop", "Drop");
    row.item = make("li", { className: "row" }, row.head, make("div", {},
      make("blockquote", {}, ...quoted), row.hints,
      make("label", { htmlFor: row.area.id }, "What is asserted, in your own words"), row.area,
      make("fieldset", {}, make("legend", {}, "Topic"), ...row.offers, row.other), row.topic, row.voices, row.bare, row.more, row.list,
      make("div", { className: "do" }, row.take, row.drop)));
    refill(row);
    return row.item;
  };
  // What the field says and the sheet does not yet; whoever is named anew there as speaking is the speaker.
  const reworded = ({ area, cells }) => {
    if (area.value === cells.statement) return null;
    const after = voice(area.value), before = cells.speaker.toLowerCase();
    if (!after || !isTheirs(cells.statement, cells.speaker) || before.startsWith(after.toLowerCase())) return { statement: area.value };
    const known = rows.find(({ cells: one }) => one.speaker && one.speaker !== cells.speaker && one.speaker.toLowerCase().startsWith(after.toLowerCase()));
    return { statement: area.value, ...(known ? { speaker: known.cells.speaker, ...held(known) } : { speaker: after }) };
  };
  const refill = (row) => {
    const cell = (name) => field(row, name, columns[name], row.cells[name], (value) => {
      const cells = { [name]: value };
      if (name === "unit") {
        const none = { low: "", high: "", qualifier: "", per: "", kind: "statement" };
        const kind = kinds[value] || (/^[A-Z]{3}$/.test(value) ? "money" : "count");
        Object.assign(cells, !value ? none : { ...(!row.cells.low && !row.cells.high && row.value), kind });
      }
      if (name === "topic" && themes[value]) cells.theme = themes[value];
      if (name === "speaker") return value && speak(row, value);
      if (name === "speaker_type") Object.assign(cells, ratings[value]);
      if (name === "speaker_type" || name === "reliability") return ofVoice(row.cells.speaker).forEach((one) => change(one, cells));
      save(row, cells).then(() => name === "unit" && refill(row)).catch(() => {});
    });
    const held = row.item?.contains(document.activeElement) && document.activeElement.id;
    const isBare = row.value && !row.cells.unit && columns.unit; // what is counted is the first thing to be said
    const voices = make("select", { id: `voice-${row.at}` }, ...speakers().map((one) => make("option", { value: one, selected: one === row.cells.speaker }, one)));
    voices.addEventListener("change", () => speak(row, voices.value));
    row.voices.replaceChildren(make("label", { htmlFor: voices.id }, "Voice"), voices,
      make("span", { className: "told" }, `${row.cells.speaker_type} ${row.cells.reliability}${row.cells.credibility}`));
    row.bare.replaceChildren(...(isBare ? [cell("unit")] : []));
    row.cells_.replaceChildren(...[...VALUE, ...MORE].filter((name) => columns[name] && !(isBare && name === "unit")).map(cell));
    if (held) document.getElementById(held)?.focus();
    draw(row);
  };
  const draw = (row) => {
    if (!row.item) return progress();
    const { cells } = row;
    const state = decided(row);
    row.item.className = `row ${state} ${row === now ? "now" : ""} ${row.problems.length ? "wrong" : ""}`;
    find("b", row.head).textContent = { taken: "accepted", dropped: "dropped" }[state] || "open";
    if (row.problems.length && state !== "dropped") find("b", row.head).textContent += ", to mend";
    find("span", row.head).textContent = row === now ? shown(cells.found) : cells.statement;
    row.head.setAttribute("aria-expanded", String(row === now));
    row.take.setAttribute("aria-pressed", String(state === "taken"));
    row.drop.setAttribute("aria-pressed", String(state === "dropped"));
    for (const label of row.offers) find("input", label).checked = find("input", label).value === cells.topic;
    const meaning = columns.topic?.values[cells.topic];
    row.topic.textContent = cells.topic ? `${cells.topic}${meaning ? `: ${meaning}` : ""}` : "no topic yet";
    const place = columns.place_id?.values[cells.place_id] || cells.place_id || "no place";
    find("summary", row.more).textContent = `${worth(cells)}; of ${cells.scope}; ${cells.theme || "no theme"}; ${place}; ${cells.when || "no date"}`;
    row.list.replaceChildren(...row.problems.map((one) => make("li", {}, `${one.column || ""}: ${one.what}`)));
    if (row.mark) row.mark.className = `${state} ${row === now ? "now" : ""}`;
    progress();
  };
  const progress = () => {
    const open = rows.filter((row) => !decided(row)).length;
    const wrong = rows.filter((row) => decided(row) === "taken").concat(card).reduce((sum, row) => sum + row.problems.length, 0) + others.length;
    const hidden = rest.filter((row) => !decided(row)).length;
    find("#rest").hidden = !rest.length;
    find("#rest > summary").textContent = `${rest.length} more that are likely no claims${hidden ? `, ${hidden} open` : ""}`;
    say(`${rows.length - open} of ${rows.length} decided, ${open} left${hidden && open ? `: ${open - hidden} here, ${hidden} folded` : ""}. ${wrong ? `${wrong} problem${wrong > 1 ? "s" : ""}.` : isJudged ? "No problems." : "Checking …"}`
      + others.map((one) => `\n${one.what}`).join(""));
    const target = card.find((row) => row.problems.length) || ordered.find((row) => decided(row) === "taken" && row.problems.length) || ordered.find((row) => !decided(row));
    find("#finish").textContent = !target ? "Accept into the tables" : "Go to what is left";
    return { target, isReady: !target && !others.length && isJudged };
  };

  // Going and deciding.
  const go = (row, isQuiet = false) => {
    const last = now;
    now = row;
    if (last) draw(last);
    if (isRest(row)) find("#rest").open = true;
    draw(row);
    if (isQuiet) return;
    row.head.focus({ preventScroll: true });
    row.item.scrollIntoView({ block: "nearest" });
    const within = find("#article > div");
    if (row.mark && find("#article").open && matchMedia("(min-width: 60rem)").matches)
      within.scrollTop += row.mark.getBoundingClientRect().top - within.getBoundingClientRect().top - within.clientHeight / 3;
  };
  const step = (by) => {
    const next = ordered[ordered.indexOf(now) + by];
    if (!next) return say(by > 0 ? "This is the last row: f goes to what is left." : "This is the first row.");
    const isFolded = isRest(next) && !find("#rest").open;
    go(next);
    if (isFolded) say(`From here on: ${rest.length} that are likely no claims, opened now. X drops those of them that are open.`);
  };
  const decide = (row, decision) => {
    save(row, { decision, ...reworded(row) });
    const from = first.indexOf(row);
    const next = from < 0 ? rest.find((one) => !decided(one)) : first.slice(from + 1).concat(first.slice(0, from)).find((one) => !decided(one));
    if (next) go(next);
  };
  const edit = (row) => {
    row.area.focus();
    const said = row.area.value;
    const who = row.cells.likely.match(/say who “(.+?)” is/)?.[1];
    const at = said.includes("…") ? said.indexOf("…") : who ? said.search(new RegExp(`\\b${who}\\b(?!.* says that)`)) : -1;
    const size = said.includes("…") ? 1 : at < 0 ? 0 : who.length;
    row.area.setSelectionRange(at < 0 ? said.length : at, at < 0 ? said.length : at + size);
  };
  const stands = (row) => !decided(row) && !row.problems.length && row.cells.statement && !row.cells.statement.includes("…");
  const acceptAll = async () => {
    if (!isJudged) await judge(); // what is not yet judged may be wrong
    const found = first.filter(stands);
    found.forEach((row) => save(row, { decision: "accept", ...reworded(row) }));
    const next = first.find((row) => !decided(row)) || rest.find((row) => !decided(row));
    if (next) go(next);
    say(`${found.length} accepted as they are. ${find("footer p").textContent}`);
  };
  const dropRest = () => rest.filter((row) => !decided(row)).forEach((row) => save(row, { decision: "drop" }));
  const openCells = (row) => {
    row.more.open = !row.more.open;
    row.more.open ? find("input, select", row.cells_)?.focus() : row.head.focus();
  };
  addEventListener("keydown", (event) => {
    const isField = event.target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
    if (isField && event.key === "Escape") return event.target.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest(".row")) {
      event.target.blur();
      event.preventDefault();
      return decide(now, "accept");
    }
    if (isField || event.ctrlKey || event.metaKey || event.altKey || !find("#keys input").checked || !now) return;
    const work = {
      a: () => decide(now, "accept"), d: () => decide(now, "drop"), e: () => edit(now), j: () => step(1), k: () => step(-1),
      o: () => openCells(now), t: () => now.other.focus(), v: () => find("select", now.voices).focus(),
      A: acceptAll, X: dropRest, f: () => find("#finish").click(),
      c: () => { find("#card").open = true; find("#card > summary").focus(); },
    }[event.key] || (/^[1-3]$/.test(event.key) && now.offers[event.key - 1] && (() => find("input", now.offers[event.key - 1]).click()));
    if (!work) return;
    event.preventDefault();
    work();
  });
  find("#rest > button").addEventListener("click", dropRest);
  find("#stand > button").addEventListener("click", acceptAll);
  find("#finish").addEventListener("click", async () => {
    const { target, isReady } = progress();
    if (target?.table === "card") return find("input, select", target.list.parentElement).focus();
    if (target) return go(target);
    if (!isReady) return;
    try {
      const said = await ask("/accept", {});
      find("#finish").hidden = true;
      find("main").replaceChildren(make("pre", { tabIndex: 0 }, said.join("\n")));
      say("Accepted. This page can be closed.");
    } catch (error) {
      say(error.message);
    }
  });

  // The article, with each candidate's words marked.
  const box = find("#article > div");
  let at = 0;
  for (const row of ordered.filter((row) => Number(row.cells["#at"]) >= 0).sort(byPlace)) {
    const start = Number(row.cells["#at"]), words = [...shown(row.cells.found)].length;
    if (start < at) continue;
    row.mark = make("mark", {}, cut(start, start + words));
    row.mark.addEventListener("click", () => go(row));
    box.append(cut(at, start), row.mark);
    at = start + words;
  }
  box.append(cut(at));
  find("#article").open = matchMedia("(min-width: 60rem)").matches;
  find("#topics").append(...Object.entries(columns.topic?.values || {}).map(([value, told]) => make("option", { value }, told)));
  find("#rows").append(...first.map(build));
  find("#rest > ol").append(...rest.map(build));
  fill();
  drawVoices();
  find("#voices").addEventListener("toggle", drawVoices);
  const begin = first.find((row) => !decided(row)) || first[0];
  if (begin) go(begin, true);
  progress();
  judge();
})();

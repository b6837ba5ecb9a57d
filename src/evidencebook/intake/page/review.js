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
  const { text, columns, fields, themes, kinds } = state;
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
    input.title = column.told;
    input.addEventListener("change", () => changed(input.value.trim()));
    return make("div", {}, make("label", { htmlFor: id }, column.title), input);
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
      make("fieldset", {}, make("legend", {}, "Topic"), ...row.offers, row.other), row.topic, row.bare, row.more, row.list,
      make("div", { className: "do" }, row.take, row.drop)));
    refill(row);
    return row.item;
  };
  // What the field says and the sheet does not yet; whoever is named anew there as speaking is the speaker.
  const voice = (said) => said.match(/^(?:An? |The )?(.+?) (?:says?|reports?|estimates?) that /)?.[1];
  const reworded = ({ area, cells }) => {
    if (area.value === cells.statement) return null;
    const [speaker, before, after] = [cells.speaker, voice(cells.statement), voice(area.value)].map((one) => (one || "").toLowerCase());
    const old = cells.statement.replace(/^(?:An?|The) /, "").toLowerCase();
    const isTheirs = speaker && (old.startsWith(speaker) || (before && speaker.startsWith(before)));
    return { statement: area.value, ...(isTheirs && after && !speaker.startsWith(after) && { speaker: voice(area.value) }) };
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
      save(row, cells).then(() => name === "unit" && refill(row)).catch(() => {});
    });
    const isBare = row.value && !row.cells.unit && columns.unit; // what is counted is the first thing to be said
    row.bare.replaceChildren(...(isBare ? [cell("unit")] : []));
    row.cells_.replaceChildren(...[...VALUE, ...MORE].filter((name) => columns[name] && !(isBare && name === "unit")).map(cell));
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
    find("summary", row.more).textContent = `${worth(cells)}; of ${cells.scope}; ${cells.speaker}; ${place}; ${cells.when || "no date"}`;
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
    say(`${rows.length - open} of ${rows.length} decided, ${open} left. ${wrong ? `${wrong} problem${wrong > 1 ? "s" : ""}.` : isJudged ? "No problems." : "Checking …"}`
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
    const seen = find("#rest").open ? ordered : first;
    const next = seen[seen.indexOf(now) + by];
    if (next) go(next);
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
      o: () => (now.more.open = !now.more.open), t: () => now.other.focus(),
    }[event.key] || (/^[1-3]$/.test(event.key) && now.offers[event.key - 1] && (() => find("input", now.offers[event.key - 1]).click()));
    if (!work) return;
    event.preventDefault();
    work();
  });
  find("#rest > button").addEventListener("click", () => rest.filter((row) => !decided(row)).forEach((row) => save(row, { decision: "drop" })));
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
  const begin = first.find((row) => !decided(row)) || first[0];
  if (begin) go(begin, true);
  progress();
  judge();
})();

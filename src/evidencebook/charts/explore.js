// A chart that is explored: each mark tells the claims behind it and leads to the ledger, by pointer, finger and
// keyboard. Loaded with Vega, and only for those who explore.
(() => {
  "use strict";

  const NEAR = 10; // px from a mark at which the pointer has found it
  const LISTED = 3; // claims that a preview tells of a mark that stands for several
  const LINGER = 300; // ms: enough to cross from the mark to what is told of it
  const APART = 48; // px between marks of one fact that are two points
  const SAME_LINE = 8; // px between marks that are read as one line
  const HEAD = 120; // px of the window that what stays at its top may take

  function element(name, properties, ...children) {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  }

  class Explored {
    constructor(frame, still, data) {
      Object.assign(this, { frame, still, data });
      this.chosen = -1; // the mark that the keyboard or the pointer is at
      this.theme = "";
    }

    remove() {
      this.leave();
      this.view?.finalize();
      for (const part of [this.bar, this.live, this.said]) part?.remove();
      this.frame.classList.remove("is-explored");
      this.live = this.view = this.bar = null;
    }

    async draw(form) {
      // Labels are measured before they are drawn.
      await Promise.all(["400", "600", "italic 400"].map((face) => document.fonts.load(`${face} 12px "Source Sans Pro"`)));
      this.remove();
      this.live = element("div", { className: "chart-live", tabIndex: 0 });
      // The rim of letters belongs behind them, as in the drawing.
      Object.assign(this.live.style, { paintOrder: "stroke", strokeLinejoin: "round" });
      this.said = element("div", { className: "chart-said" });
      this.said.setAttribute("aria-live", "polite");
      const picture = element("div", {});
      this.live.append(picture);
      this.still.before(this.live);
      // The picture needs its place to be drawn, but takes the drawing's only when it is complete.
      try {
        const drawn = await globalThis.EVIDENCE_VEGA(picture, structuredClone(this.data[form]), {
          mode: "vega-lite", ast: true, renderer: "svg", actions: false, hover: false, defaultStyle: false, tooltip: false,
        });
        this.view = drawn.view;
      } catch (error) {
        this.remove();
        throw error;
      }
      picture.className = "";
      this.svg = picture.querySelector("svg");
      this.svg.setAttribute("aria-hidden", "true");
      this.frame.classList.add("is-explored");
      this.live.after(this.said);
      this.find();
      this.describe();
      this.offer();
      this.filter();
      this.listen();
    }

    // Marks near each other that stand for the same are one point: bar, bar end and label of a value. In a chart that
    // names its marks, what has facts and no name, such as the heading of a row, only fades with its marks.
    find() {
      const frame = this.live.getBoundingClientRect();
      this.points = [];
      this.nodes = [];
      for (const node of this.svg.querySelectorAll("path, text, rect, line, circle")) {
        const { facts, about } = node.__data__?.datum ?? {};
        const ids = (facts ?? "").split(" ").filter((id) => id in this.data.facts);
        if (!ids.length && !about) continue;
        this.nodes.push({ node, ids, about: about ?? "" });
        node.style.setProperty("--own", node.getAttribute("opacity") ?? 1);
        if (ids.length) node.dataset.facts = ids.join(" ");
      }
      const isNamed = this.nodes.some(({ about }) => about);
      for (const { node, ids, about } of this.nodes) {
        if (!ids.length || (isNamed && !about)) continue;
        const box = share(node.getBoundingClientRect(), frame);
        const isNear = (other) =>
          Math.max(other.top - box.top - box.height, box.top - other.top - other.height) * frame.height < APART;
        const key = `${ids.join(" ")}\n${about}`;
        let point = this.points.find((known) => known.key === key && known.boxes.some(isNear));
        if (!point) this.points.push(point = { key, ids, about, boxes: [], isShown: true });
        point.boxes.push(box);
      }
      for (const point of this.points) {
        point.top = Math.min(...point.boxes.map((box) => box.top));
        point.left = Math.min(...point.boxes.map((box) => box.left));
      }
      const line = SAME_LINE / frame.height;
      this.points.sort((a, b) => (Math.abs(a.top - b.top) > line ? a.top - b.top : a.left - b.left));
    }

    describe() {
      const count = this.points.length;
      this.live.setAttribute("role", "application");
      this.live.setAttribute("aria-roledescription", "chart to explore");
      const text = this.still.querySelector("svg")?.getAttribute("aria-label") ?? "";
      const how = `${count} ${count === 1 ? "mark" : "marks"}: arrow keys go from one to the next, Enter opens the evidence, Escape leaves.`;
      this.live.setAttribute("aria-label", `${text} ${how}`);
    }

    // How to go on, and the choice of a theme, below the chart and beside the button that was pressed.
    offer() {
      const how = matchMedia("(pointer: coarse)").matches
        ? "Tap a mark for its evidence."
        : "Point at a mark or use the arrow keys; a click or Enter holds its evidence.";
      this.bar = element("div", { className: "chart-bar" }, element("p", { className: "chart-how", textContent: how }));
      this.live.after(this.bar);
      const themes = [...new Set(this.points.flatMap((point) => point.ids.map((id) => this.themeOf(id))))].filter(Boolean).sort();
      if (themes.length < 2) return;
      const choice = element("select", {}, ...["", ...themes].map((theme) =>
        element("option", { value: theme, textContent: theme || "All", selected: theme === this.theme })));
      choice.addEventListener("change", () => {
        this.leave();
        this.theme = choice.value;
        this.say(`${this.filter()} of ${this.points.length} marks`);
      });
      this.bar.append(element("label", { className: "chart-filter" }, "Theme", choice));
    }

    themeOf(id) {
      return this.data.facts[id][4];
    }

    // Rows fade as a whole; one without any claim is of no theme.
    filter() {
      const isOf = (ids) => !this.theme || ids.some((id) => this.themeOf(id) === this.theme);
      for (const { node, ids } of this.nodes) node.classList.toggle("is-dimmed", !isOf(ids));
      for (const point of this.points) {
        point.isShown = isOf(point.ids);
        // What is of the theme comes first, for it is why the mark stays: others may tell of its event as well.
        point.listed = [...point.ids].sort((one, other) => isOf([other]) - isOf([one]));
      }
      return this.points.filter((point) => point.isShown).length;
    }

    // Whoever pressed a button below the chart must see what came of it.
    greet() {
      const { top, bottom } = this.bar.getBoundingClientRect();
      if (top < HEAD || bottom > innerHeight) this.bar.scrollIntoView({ block: "nearest" });
      this.live.focus({ preventScroll: true });
    }

    listen() {
      const { live } = this;
      live.addEventListener("keydown", (event) => this.press(event));
      live.addEventListener("focus", () => {
        if (live.matches(":focus-visible") && this.chosen < 0) this.choose(this.next(-1, 1));
      });
      live.addEventListener("focusout", ({ relatedTarget }) => {
        if (!live.contains(relatedTarget)) this.leave();
      });
      live.addEventListener("pointermove", (event) => {
        if (event.pointerType === "touch" || this.isPinned || this.tip?.contains(event.target)) return;
        const found = this.at(event);
        live.classList.toggle("has-mark", found >= 0);
        if (found >= 0) this.choose(found, false);
        else this.leaveLater();
      });
      live.addEventListener("pointerleave", () => {
        if (!this.isPinned) this.leaveLater();
      });
      live.addEventListener("click", (event) => {
        if (this.tip?.contains(event.target)) return;
        const found = this.at(event);
        if (found < 0) return this.leave();
        this.choose(found);
        this.pin();
      });
    }

    press(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
      if (event.key === "Escape") {
        if (!this.tip) return;
        const { chosen } = this;
        this.live.focus({ preventScroll: true }); // before the link that has it is gone
        this.leave();
        this.chosen = chosen; // from where the arrow keys go on
      } else if (this.tip?.contains(event.target)) {
        return;
      } else if (event.key in steps) {
        this.choose(this.next(this.chosen, steps[event.key]));
      } else if (event.key === "Home") {
        this.choose(this.next(-1, 1));
      } else if (event.key === "End") {
        this.choose(this.next(this.points.length, -1));
      } else if (event.key === "Enter" && this.chosen >= 0) {
        this.choose(this.chosen);
        this.pin();
      } else {
        return;
      }
      event.preventDefault();
      if (this.ring) {
        this.ring.scrollIntoView({ block: "nearest" });
        this.place();
      }
    }

    next(from, step) {
      for (let at = from + step; at >= 0 && at < this.points.length; at += step) {
        if (this.points[at].isShown) return at;
      }
      return from >= 0 && from < this.points.length ? from : -1;
    }

    // The nearest mark; of those that lie under the pointer the smallest.
    at({ clientX, clientY }) {
      const frame = this.live.getBoundingClientRect();
      let best = -1;
      let least = [NEAR, Infinity];
      this.points.forEach((point, index) => {
        if (!point.isShown) return;
        for (const box of point.boxes) {
          const { left, top, width, height } = placed(box, frame);
          const dx = Math.max(left - clientX, 0, clientX - left - width);
          const dy = Math.max(top - clientY, 0, clientY - top - height);
          const found = [Math.hypot(dx, dy), width * height];
          if (found[0] < least[0] || (found[0] === least[0] && found[1] < least[1])) {
            best = index;
            least = found;
          }
        }
      });
      return best;
    }

    choose(index, isTold = true) {
      clearTimeout(this.timer);
      if (index < 0 || (index === this.chosen && this.tip)) return;
      this.leave();
      this.chosen = index;
      const { listed: ids, about } = this.points[index];
      this.tip = element("div", { className: "chart-tip" }, ...this.head());
      this.tip.append(...ids.slice(0, LISTED).map((id) => element("div", { className: "entry" }, ...this.told(id))));
      if (ids.length > LISTED) this.tip.append(element("p", { className: "from", textContent: `and ${ids.length - LISTED} more` }));
      this.show();
      if (!isTold) return;
      const claims = ids.slice(0, LISTED).map((id) => this.data.facts[id].slice(0, 3));
      this.say([about.split("\n"), ...claims].map((parts) => parts.filter(Boolean).map((part) => part.replace(/\.$/, "")).join(". ")).filter(Boolean).join("; "));
    }

    // What the mark is: its row, cell or event, and what there is to know of it besides the claims.
    head() {
      const [name, ...known] = this.points[this.chosen].about.split("\n");
      if (!name) return [];
      return [element("p", { className: "name", textContent: name }), ...known.map((words) => element("p", { textContent: words }))];
    }

    told(id) {
      const [value, text, sources] = this.data.facts[id];
      const parts = [["value", value], ["", text], ["from", sources]].filter(([, words]) => words);
      return parts.map(([className, words]) => element("p", { className, textContent: words }));
    }

    // What is told stays, with links to the ledger; a card of a number in the text does the same.
    pin() {
      const items = this.points[this.chosen].listed.map((id) => {
        const entry = element("li", { className: "entry" }, ...this.told(id));
        if (this.data.facts[id][3]) entry.append(element("a", { href: this.data.facts[id][3], textContent: "Open in the evidence ledger" }));
        return entry;
      });
      this.tip.replaceChildren(...this.head(), element("ul", {}, ...items));
      this.tip.classList.add("is-list");
      this.isPinned = true;
      this.tip.classList.toggle("is-long", this.tip.scrollHeight > this.tip.clientHeight);
      this.place();
      this.tip.querySelector("a")?.focus({ preventScroll: true });
    }

    show() {
      const { boxes } = this.points[this.chosen];
      const left = Math.min(...boxes.map((box) => box.left));
      const top = Math.min(...boxes.map((box) => box.top));
      const right = Math.max(...boxes.map((box) => box.left + box.width));
      const bottom = Math.max(...boxes.map((box) => box.top + box.height));
      this.around = { left, top, right, bottom };
      this.ring = element("div", { className: "chart-ring" });
      const percent = (value) => `${100 * value}%`;
      Object.assign(this.ring.style, {
        left: `calc(${percent(left)} - 4px)`, top: `calc(${percent(top)} - 3px)`,
        width: `calc(${percent(right - left)} + 8px)`, height: `calc(${percent(bottom - top)} + 6px)`,
      });
      this.live.append(this.ring, this.tip);
      this.place();
    }

    // Below the mark if the window has room there, else above.
    place() {
      const frame = this.live.getBoundingClientRect();
      const { left, top, bottom } = this.around;
      const { offsetHeight: height, offsetWidth: width } = this.tip;
      const below = frame.top + bottom * frame.height + height + 12;
      const isBelow = below <= innerHeight || frame.top + top * frame.height < height + 80;
      this.tip.style.left = `${Math.max(0, Math.min(left * frame.width, frame.width - width))}px`;
      this.tip.style.top = isBelow ? `${bottom * frame.height + 8}px` : `${top * frame.height - height - 8}px`;
    }

    // To take away what has the focus calls this once more: by then there is nothing left to do.
    leave() {
      clearTimeout(this.timer);
      const { tip, ring } = this;
      this.tip = this.ring = null;
      this.isPinned = false;
      this.chosen = -1;
      tip?.remove();
      ring?.remove();
    }

    leaveLater() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        if (!this.tip?.matches(":hover") && !this.isPinned && !this.live?.matches(":focus-visible")) this.leave();
      }, LINGER);
    }

    say(text) {
      this.said.textContent = text;
    }
  }

  // In shares of the frame, so that they hold when the page is resized.
  function share(box, frame) {
    return {
      left: (box.left - frame.left) / frame.width, top: (box.top - frame.top) / frame.height,
      width: box.width / frame.width, height: box.height / frame.height,
    };
  }

  function placed(box, frame) {
    return {
      left: frame.left + box.left * frame.width, top: frame.top + box.top * frame.height,
      width: box.width * frame.width, height: box.height * frame.height,
    };
  }

  document.currentScript.chart = Explored;
})();

// Charts to explore: a reader presses "Explore", or scrolls to a chart on a large screen, and Vega draws it anew; then
// each mark tells the claim behind it and leads to the ledger, by pointer, finger and keyboard.
// Without this script the drawing, the notes, the table and the files stand as they are.
(() => {
  "use strict";

  const NEAR = 10; // px from a mark at which the pointer has found it
  const LISTED = 3; // claims that a preview tells of a mark that stands for several
  const LINGER = 300; // ms: enough to cross from the mark to what is told of it
  const SETTLED = 800; // ms after which a press means the button as it is now, not as it was when the hand set out
  const APART = 48; // px between marks of one fact that are two points
  const SAME_LINE = 8; // px between marks that are read as one line
  const narrow = matchMedia("(max-width: 560px)"); // as in the style sheet, which changes the drawing there
  const scripts = new Map();

  function element(name, properties, ...children) {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  }

  // A script tells what it brings by a property of its own element; a page opened from disk may load nothing else.
  function load(address) {
    if (!scripts.has(address)) {
      const script = element("script", { src: address });
      scripts.set(address, new Promise((done, fail) => {
        script.addEventListener("load", () => done(script.chart));
        script.addEventListener("error", () => {
          scripts.delete(address);
          fail(new Error(`${address} cannot be loaded`));
        });
      }));
      document.head.append(script);
    }
    return scripts.get(address);
  }

  class Chart {
    constructor(tools) {
      this.tools = tools;
      const figure = tools.dataset.figure && document.getElementById(tools.dataset.figure);
      this.frame = figure || tools.parentElement;
      this.still = this.frame.querySelector(".chart-wide");
      this.chosen = -1; // the mark that the keyboard or the pointer is at
      this.button = element("button", { type: "button", textContent: "Explore" });
      this.button.setAttribute("aria-pressed", "false");
      this.button.addEventListener("click", () => {
        if (!this.live) this.openByPress();
        else if (performance.now() - this.openedAt > SETTLED) this.close();
      });
      tools.querySelector(".chart-links").prepend(this.button);
    }

    // Whoever asked for it goes on from the chart, and is told how. Nothing may move for those who merely scrolled here.
    async openByPress() {
      await this.open();
      if (!this.live) return;
      this.how = element("p", { className: "chart-how", textContent: "Point at a mark or tap it, or go through them with the arrow keys." });
      this.live.before(this.how);
      this.live.focus({ preventScroll: true });
    }

    async open() {
      if (this.isOpening) return;
      this.isOpening = true;
      this.button.textContent = "Loading …";
      try {
        await load(this.tools.dataset.vega);
        this.data = await load(this.tools.dataset.spec);
        await this.draw();
        this.button.textContent = "Plain picture";
        this.button.setAttribute("aria-pressed", "true");
        this.openedAt = performance.now();
      } catch (error) {
        this.remove();
        this.button.textContent = "Explore";
        console.error(error);
      }
      this.isOpening = false;
    }

    close() {
      this.remove();
      this.button.textContent = "Explore";
      this.button.setAttribute("aria-pressed", "false");
    }

    remove() {
      this.view?.finalize();
      for (const part of [this.live, this.filter, this.said, this.how]) part?.remove();
      this.frame.classList.remove("is-explored");
      this.live = this.view = this.filter = this.tip = this.ring = null;
      this.chosen = -1;
    }

    async draw() {
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
      const spec = structuredClone(this.data[narrow.matches ? "narrow" : "wide"]);
      this.still.before(this.live);
      // The picture needs its place to be drawn, but takes the drawing's only when it is complete.
      const drawn = await globalThis.EVIDENCE_VEGA(picture, spec, {
        mode: "vega-lite", ast: true, renderer: "svg", actions: false, hover: false, defaultStyle: false, tooltip: false,
      });
      this.view = drawn.view;
      picture.className = "";
      this.svg = picture.querySelector("svg");
      this.svg.setAttribute("aria-hidden", "true");
      this.frame.classList.add("is-explored");
      this.live.after(this.said);
      this.find();
      this.describe();
      this.offerFilter();
      this.listen();
    }

    // Marks near each other that stand for the same facts are one point: bar, bar end and label of a value.
    find() {
      const frame = this.live.getBoundingClientRect();
      this.points = [];
      for (const node of this.svg.querySelectorAll("path, text, rect, line, circle")) {
        const ids = (node.__data__?.datum?.facts ?? "").split(" ").filter((id) => id in this.data.facts);
        if (!ids.length) continue;
        const facts = ids.join(" ");
        const box = share(node.getBoundingClientRect(), frame);
        const isNear = (other) =>
          Math.max(other.top - box.top - box.height, box.top - other.top - other.height) * frame.height < APART;
        let point = this.points.find((known) => known.facts === facts && known.boxes.some(isNear));
        if (!point) this.points.push(point = { facts, ids, nodes: [], boxes: [], isShown: true });
        point.nodes.push(node);
        point.boxes.push(box);
        node.dataset.facts = facts;
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

    offerFilter() {
      const themes = [...new Set(this.points.flatMap((point) => point.ids.map((id) => this.data.facts[id][4])))].filter(Boolean).sort();
      if (themes.length < 2) return;
      const name = (theme) => theme.charAt(0).toUpperCase() + theme.slice(1).replaceAll("-", " ");
      const choice = element("select", {}, ...["", ...themes].map((theme) =>
        element("option", { value: theme, textContent: theme ? name(theme) : "All" })));
      choice.addEventListener("change", () => {
        let count = 0;
        for (const point of this.points) {
          point.isShown = !choice.value || point.ids.some((id) => this.data.facts[id][4] === choice.value);
          count += point.isShown;
          point.nodes.forEach((node) => node.classList.toggle("is-dimmed", !point.isShown));
        }
        this.leave();
        this.say(`${count} of ${this.points.length} marks`);
      });
      this.filter = element("label", { className: "chart-filter" }, "Theme", choice);
      // Among the links, so that nothing moves when a chart opens by itself.
      this.button.before(this.filter);
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
        // A finger has seen nothing yet of what is behind the mark.
        this.follow(event.pointerType === "touch");
      });
    }

    press(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isOnTip = this.tip?.contains(event.target);
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
      if (event.key === "Escape") {
        if (!this.tip) return;
        this.leave();
        this.live.focus({ preventScroll: true });
      } else if (isOnTip) {
        return;
      } else if (event.key in steps) {
        this.choose(this.next(this.chosen, steps[event.key]));
      } else if (event.key === "Home") {
        this.choose(this.next(-1, 1));
      } else if (event.key === "End") {
        this.choose(this.next(this.points.length, -1));
      } else if (event.key === "Enter" && this.chosen >= 0) {
        this.follow(false);
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
      const { ids } = this.points[index];
      this.tip = element("div", { className: "chart-tip" }, ...ids.slice(0, LISTED).map((id) => element("div", { className: "entry" }, ...this.told(id))));
      if (ids.length > LISTED) this.tip.append(element("p", { className: "from", textContent: `and ${ids.length - LISTED} more` }));
      this.show();
      if (isTold) this.say(ids.slice(0, LISTED).map((id) => this.data.facts[id].slice(0, 3).filter(Boolean).map((part) => part.replace(/\.$/, "")).join(". ")).join("; "));
    }

    told(id) {
      const [value, text, sources] = this.data.facts[id];
      const parts = [["value", value], ["", text], ["from", sources]].filter(([, words]) => words);
      return parts.map(([className, words]) => element("p", { className, textContent: words }));
    }

    // One fact: to its entry. Several, or a finger: what is told stays, with links.
    follow(isTouch) {
      const { ids } = this.points[this.chosen];
      const address = this.data.facts[ids[0]][3];
      if (ids.length === 1 && !isTouch) {
        if (address) location.assign(address);
        return;
      }
      const items = ids.map((id) => {
        const entry = element("li", { className: "entry" }, ...this.told(id));
        if (this.data.facts[id][3]) entry.append(element("a", { href: this.data.facts[id][3], textContent: "Open in the evidence ledger" }));
        return entry;
      });
      this.tip.replaceChildren(element("ul", {}, ...items));
      this.tip.classList.add("is-list");
      this.isPinned = true;
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

    leave() {
      clearTimeout(this.timer);
      this.tip?.remove();
      this.ring?.remove();
      this.tip = this.ring = null;
      this.isPinned = false;
      this.chosen = -1;
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

  const charts = [...document.querySelectorAll(".chart-tools[data-spec]")].map((tools) => new Chart(tools));
  narrow.addEventListener("change", () => charts.forEach((chart) => chart.live && chart.draw().catch(() => chart.close())));

  // On a large screen a chart that is scrolled to is worth its weight; the first view of a page never is.
  const isLarge = matchMedia("(min-width: 64rem) and (hover: hover) and (pointer: fine)").matches;
  const isSpared = navigator.connection?.saveData || matchMedia("(prefers-reduced-data: reduce)").matches;
  if (isLarge && !isSpared && "IntersectionObserver" in globalThis) {
    const watch = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        charts.find((chart) => chart.frame === target)?.open();
      }
    }, { threshold: 0.3 });
    addEventListener("scroll", () => charts.forEach((chart) => watch.observe(chart.frame)), { once: true, passive: true });
  }

  for (const cited of document.querySelectorAll(".chart-tools .citation")) {
    const { figure } = cited.closest(".chart-tools").dataset;
    const where = location.protocol.startsWith("http") ? ` ${location.href.replace(/#.*/, "")}${figure ? `#${figure}` : ""}` : "";
    const copy = element("button", { type: "button", className: "chart-cite-copy", textContent: "Copy" });
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(cited.textContent + where);
        copy.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(cited); // to be copied by hand
        copy.textContent = "Selected";
      }
    });
    cited.after(copy);
  }
})();

// What stands below charts: a reader presses "Explore", or scrolls to a chart on a large screen, and Vega draws it anew;
// citations are copied, pictures saved. Without this script the drawing, the notes, the table and the files stand as
// they are.
(() => {
  "use strict";

  const SETTLED = 800; // ms after which a press means the button as it is now, not as it was when the hand set out
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
      this.button = element("button", { type: "button", textContent: "Explore" });
      this.button.setAttribute("aria-pressed", "false");
      this.button.addEventListener("click", () => {
        if (!this.explored) this.openByPress();
        else if (performance.now() - this.openedAt > SETTLED) this.close();
      });
      tools.querySelector(".chart-links").prepend(this.button);
    }

    // Whoever asked for it goes on from the chart. Nothing may move for those who merely scrolled here.
    async openByPress() {
      await this.open();
      this.explored?.greet();
    }

    open() {
      this.opening ??= this.loadAndDraw().catch((error) => {
        this.close();
        console.error(error);
      });
      return this.opening;
    }

    async loadAndDraw() {
      this.button.textContent = "Loading …";
      const { vega, explore, spec } = this.tools.dataset;
      const [Explored, data] = await Promise.all([load(explore), load(spec), load(vega)]);
      const explored = new Explored(this.frame, this.still, data);
      await this.draw(explored);
      this.explored = explored;
      this.button.textContent = "Show as plain picture";
      this.button.setAttribute("aria-pressed", "true");
      this.openedAt = performance.now();
    }

    draw(explored) {
      return explored.draw(narrow.matches ? "narrow" : "wide");
    }

    close() {
      this.explored?.remove();
      this.explored = this.opening = null;
      this.button.textContent = "Explore";
      this.button.setAttribute("aria-pressed", "false");
    }
  }

  const charts = [...document.querySelectorAll(".chart-tools[data-spec]")].map((tools) => new Chart(tools));
  narrow.addEventListener("change", () => charts.forEach((chart) => chart.explored && chart.draw(chart.explored).catch(() => chart.close())));

  // On a large screen a chart that is scrolled to is worth its weight; the first view of a page never is.
  const isLarge = matchMedia("(min-width: 64rem) and (hover: hover) and (pointer: fine)").matches; // as in the style sheet
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

  // From disk, browsers show a picture instead of saving it: there the one in the page is saved, in its light colours.
  if (location.protocol === "file:") {
    for (const link of document.querySelectorAll('.chart-tools a[download][href$=".svg"]')) {
      const { figure } = link.closest(".chart-tools").dataset;
      const drawn = document.getElementById(figure)?.querySelector(".chart-wide svg");
      if (!drawn) continue;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const address = URL.createObjectURL(new Blob([picture(drawn)], { type: "image/svg+xml" }));
        element("a", { href: address, download: link.pathname.split("/").pop() }).click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
      });
    }
  }

  function picture(drawn) {
    const own = drawn.cloneNode(true);
    const title = document.createElementNS(own.namespaceURI, "title");
    title.textContent = own.getAttribute("aria-label");
    own.removeAttribute("aria-label");
    own.prepend(title);
    const paper = "var(--eb-paper, #ffffff)"; // a colour with its light value, as in the drawing
    own.setAttribute("style", `background:${paper}`);
    const text = new XMLSerializer().serializeToString(own);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${text.replace(/var\(--eb-[a-z]+, (#[0-9a-f]{6})\)/g, "$1")}\n`;
  }
})();

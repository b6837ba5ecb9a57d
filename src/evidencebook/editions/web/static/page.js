// The reader's choice of light or dark, where on the page he is, and lists that close when they have served.
// All else works without a script.
(() => {
  "use strict";
  const root = document.documentElement;
  const tools = document.querySelector(".tools");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const button = document.createElement("button");
  button.type = "button";

  function label() {
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
  }

  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("scheme", root.dataset.theme);
    } catch {
      // Pages opened from disk may have no storage: the choice holds for this page.
    }
    label();
  });
  system.addEventListener("change", label);
  label();
  tools.append(button);

  const NAME = 14; // letters of a file's or column's name, which would be cut into pieces
  const LONG = 150; // letters of a cell that would be a pillar of single words beside two others
  // On a phone a wide table becomes a list of rows, each cell under its heading; the roles keep it a table to who listens.
  for (const table of document.querySelectorAll("article .scroll > table")) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    const isPlain = !table.querySelector("[rowspan], [colspan]") && table.querySelectorAll("thead tr").length === 1;
    const cells = [...table.querySelectorAll("tbody td")];
    const isLong = (cell) => cell.textContent.length > LONG || cell.querySelector("code")?.textContent.length > NAME;
    if (!isPlain || heads.length < 3 || (heads.length === 3 && !cells.some(isLong))) continue;
    table.classList.add("stacks");
    table.setAttribute("role", "table");
    const roles = { "thead, tbody": "rowgroup", tr: "row", th: "columnheader", td: "cell" };
    for (const [parts, role] of Object.entries(roles)) {
      for (const part of table.querySelectorAll(parts)) part.setAttribute("role", role);
    }
    for (const row of table.querySelectorAll("tbody tr")) {
      [...row.cells].forEach((cell, number) => {
        cell.dataset.label = heads[number];
        cell.classList.toggle("is-empty", !cell.textContent.trim());
      });
    }
  }

  // What scrolls sideways must be reached by keyboard and must say what it is.
  const boxes = [...document.querySelectorAll(".scroll, pre")];
  function reach() {
    for (const box of boxes) {
      const isWide = box.scrollWidth > box.clientWidth;
      if (!isWide) {
        for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
        continue;
      }
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.querySelector("caption")?.innerText || "Wide content, scrolls sideways");
    }
  }
  reach();
  window.addEventListener("resize", reach, { passive: true });

  // The section that is being read is marked in the list of the page's sections.
  const sections = [...document.querySelectorAll(".on-this-page a")].map((link) => {
    return { link, section: document.getElementById(decodeURIComponent(link.hash.slice(1))) };
  });
  let isWaiting = false;
  function locate() {
    isWaiting = false;
    const passed = sections.filter(({ section }) => section?.checkVisibility() && section.getBoundingClientRect().top < innerHeight / 3);
    for (const { link } of sections) link.removeAttribute("aria-current");
    passed.at(-1)?.link.setAttribute("aria-current", "location");
  }
  if (sections.length) {
    window.addEventListener("scroll", () => {
      if (!isWaiting) requestAnimationFrame(locate);
      isWaiting = true;
    }, { passive: true });
    locate();
  }

  // A list opens below the masthead, wherever that ends, and under its button.
  const masthead = document.querySelector(".masthead");
  for (const list of document.querySelectorAll("nav[popover]")) {
    const opener = document.querySelector(`[popovertarget="${list.id}"]`);
    const place = () => {
      const width = document.documentElement.clientWidth;
      const right = Math.min(width - opener.getBoundingClientRect().right, width - list.offsetWidth - 16);
      list.style.setProperty("--top", `${masthead.getBoundingClientRect().bottom}px`);
      list.style.setProperty("--right", `${Math.max(16, right)}px`);
    };
    const follow = () => list.matches(":popover-open") && place();
    list.addEventListener("beforetoggle", place); // or it would be seen to jump
    list.addEventListener("toggle", follow); // when it has its width
    window.addEventListener("scroll", follow, { passive: true });
    window.addEventListener("resize", follow, { passive: true });
    list.addEventListener("click", ({ target }) => {
      if (target.closest("a") && list.matches(":popover-open")) list.hidePopover();
    });
  }
})();

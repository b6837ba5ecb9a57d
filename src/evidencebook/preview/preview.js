// Tells the server which page is open, shows what is wrong with the report, and loads the page when there is a new one.
(() => {
  "use strict";
  const own = document.currentScript;
  const asked = new URLSearchParams({ page: location.pathname, digest: own.dataset.digest });
  const panel = document.createElement("section");
  panel.id = "evidence-preview";
  panel.setAttribute("role", "status");
  panel.setAttribute("aria-label", "Preview");
  panel.style.cssText =
    "position:sticky;top:0;z-index:1000;max-height:40vh;overflow:auto;padding:.4rem 1rem;font:14px/1.45 monospace;" +
    "color:#fff;background:#8a1c12;white-space:pre-wrap;overflow-wrap:anywhere";
  const show = ({ problems, note }) => {
    panel.replaceChildren(note, ...problems.map((line) => {
      const said = document.createElement("div");
      said.textContent = line;
      return said;
    }));
    panel.hidden = !note && !problems.length;
    panel.style.background = problems.length ? "#8a1c12" : "#345";
    if (!panel.isConnected) document.body.prepend(panel);
  };
  const events = new EventSource(`/-preview/events?${asked}`);
  events.addEventListener("state", (event) => show(JSON.parse(event.data)));
  events.addEventListener("reload", () => {
    events.close();
    location.reload();
  });
  events.addEventListener("error", () => show({ problems: [], note: "The preview has ended, or is being started again." }));
})();

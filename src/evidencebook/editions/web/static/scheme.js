// The reader's choice of light or dark, before anything is painted. Without this script the system's choice holds.
(() => {
  "use strict";
  try {
    const chosen = localStorage.getItem("scheme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    return; // pages opened from disk may have no storage
  }
})();

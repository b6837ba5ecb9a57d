// What must happen before anything is painted: the reader's choice of light or dark, and typefaces on their way.
(() => {
  "use strict";
  // From a server only: pages opened from disk may not ask for typefaces ahead, and have no need to.
  if (location.protocol.startsWith("http")) {
    for (const face of ["SourceSerifPro-Regular", "SourceSerifPro-Semibold", "SourceSansPro-Regular"]) {
      const link = document.createElement("link");
      link.rel = "preload";
      link.as = "font";
      link.type = "font/woff2";
      link.crossOrigin = "anonymous";
      link.href = new URL(`fonts/${face}.woff2`, document.currentScript.src);
      document.head.append(link);
    }
  }
  try {
    const chosen = localStorage.getItem("scheme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    return; // pages opened from disk may have no storage
  }
})();

// The page for what is missing is shown at addresses of any depth, and nobody has told the edition where it lies: this
// finds the nearest folder above that holds the edition, and has everything begin there. Until then, and without
// scripts, links begin at the root that was written.
addEventListener("DOMContentLoaded", () => {
  const written = document.documentElement.dataset.root;
  const folders = location.pathname.split("/").slice(0, -1);

  // A picture, since servers may answer anything else that is missing with a page.
  function isRoot(root) {
    return new Promise((told) => {
      const mark = new Image();
      mark.onload = () => told(true);
      mark.onerror = () => told(false);
      mark.src = `${root}_static/mark.svg`;
    });
  }

  const opening = (root) => `url(${'"'}${root}`; // of an address in a style sheet

  function begin(root) {
    for (const link of document.querySelectorAll("[href]")) {
      const address = link.getAttribute("href");
      if (address.startsWith(written)) link.setAttribute("href", root + address.slice(written.length));
    }
    for (const style of document.querySelectorAll("style")) {
      style.textContent = style.textContent.replaceAll(opening(written), () => opening(root));
    }
    document.documentElement.dataset.root = root;
  }

  (async () => {
    for (let depth = folders.length; depth; depth -= 1) {
      const root = `${folders.slice(0, depth).join("/")}/`;
      if (!(await isRoot(root))) continue;
      if (root !== written) begin(root);
      const script = document.createElement("script");
      script.src = `${root}_static/page.js`;
      document.body.append(script);
      return;
    }
  })();
});

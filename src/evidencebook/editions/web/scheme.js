// What must happen before anything is painted: the reader's choice of light or dark.
try {
  const chosen = localStorage.getItem("scheme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Pages opened from disk may have no storage.
}

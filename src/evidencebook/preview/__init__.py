"""Live preview: a saved edit shows in the open page at once, and the whole edition is made right behind it."""

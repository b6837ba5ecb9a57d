"""The e-book: an EPUB of our own packing."""

"""The book as LaTeX, for those who have TeX."""

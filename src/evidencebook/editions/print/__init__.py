"""The print edition: a PDF set by Typst."""

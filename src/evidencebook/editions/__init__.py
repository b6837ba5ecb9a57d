"""Editions: the forms in which a report leaves the house."""

"""Inputs by whoever wants the report to be wrong: each is refused with its place, reason and remedy, or is harmless."""

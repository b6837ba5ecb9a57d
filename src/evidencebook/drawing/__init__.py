"""Marks for uncertain values and dates, for the figures of any report."""

"""The editions of a report, a room each, and what they have in common."""

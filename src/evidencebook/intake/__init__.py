"""New articles: received, compared with known ones, read for claims, reviewed by a person, and merged in one step."""

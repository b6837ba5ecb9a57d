"""What authors write, as document trees; knows no edition."""

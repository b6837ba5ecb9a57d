"""Every problem of a report at once, of tables and of pages, without executing or building."""

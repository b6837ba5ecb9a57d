"""What moved between two editions: manifests of what each build shows, compared sentence by sentence, and why."""

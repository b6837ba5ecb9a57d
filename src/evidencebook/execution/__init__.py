"""Pages executed as the notebooks that they are: never without need, never stale, several at once."""

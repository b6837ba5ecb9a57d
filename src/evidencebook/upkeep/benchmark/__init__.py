"""How long builds take, side by side with Jupyter Book's own ways on the same pages, as ratios with their spread."""

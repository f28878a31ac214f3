"""One form for each task of the acute chain."""

"""One form for each task of the situation picture."""

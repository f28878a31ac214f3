"""One form for each task of making and keeping promises."""

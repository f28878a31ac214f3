"""The two front doors: the citizen's and the worker's. May read every app, has no models."""

"""The verbs of this room, cut like models/. Each checks its guards, moves or changes, and records."""

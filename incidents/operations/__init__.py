"""The verbs of this room, cut like models/. Each checks its guards, moves, records, and tells on commit."""

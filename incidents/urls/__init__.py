"""Two lists of addresses: what residents read, and where staff work."""

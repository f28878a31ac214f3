"""Addresses of the situation picture: where staff work, and what residents read."""

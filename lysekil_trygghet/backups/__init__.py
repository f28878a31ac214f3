"""A copy of everything the portal keeps, and the portal made again from such a copy.

Here: which tables and files travel and why some do not, the form of a copy, taking it, checking it, restoring it.
Not here: what the tables mean, and the hold on sending after a restore (notifications/holding.py). No pages.
"""

"""Watches those who watch: are the database, the broker, the worker and beat alive, and is any mail late?

Here: their ticks, the checks, `/halsa/`. Not here: what is done about it (docs/drift.md), the log of mail (mailroom).
"""

"""Telling a person something, once, and remembering that we did.

Here: the ledger with its unique keys, delivery, the outbox. Not here: who is due and what to say
(each app's reminders.py says that).
"""

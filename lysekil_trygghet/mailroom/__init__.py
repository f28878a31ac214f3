"""What staff see of the mail the portal sends: the log, what did not arrive and what to do about it.

Here: pages over the ledger, and the alarm when a mail is refused. Not here: planning, sending and repeating
(notifications), and who is owed what (each app's reminders.py).
"""

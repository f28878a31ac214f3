"""What was done, by whom, when. Never changed, never removed.

Here: the log of acts, the one door through which a state moves, and what residents read before a text was changed.
Not here: other free text. Details of acts carry field names, ids and states, so erasing text elsewhere never edits
history. An old wording that should never have been published can be taken out.
"""

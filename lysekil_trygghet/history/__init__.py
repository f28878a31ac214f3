"""What was done, by whom, when. Never changed, never removed.

Here: the log of acts and the one door through which a state moves.
Not here: free text. Details carry field names, ids and states, so erasing text elsewhere never edits history.
"""

"""Mail to residents about what they follow: asked for twice, one digest a day, out with one click, then erased.

Here: addresses, who follows what, the letters. Not here: what there is to follow and what has become new in it (each
app's subscriptions.py says that), and the sending (notifications: the same ledger as all other mail).
"""

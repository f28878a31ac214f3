"""What we know: the local situation picture (lägesbild), what it rests on and what follows from it.

Sources → findings → problems → causes. Imports no other domain app: pledges and incidents look down at it.
"""

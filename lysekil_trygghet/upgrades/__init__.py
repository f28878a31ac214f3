"""How the database is changed while the portal is in use: what migrations need beyond Django's own operations.

Here: an index that is made beside the writing.
Not here: any change itself, nor which of them old code bears (deploy/tools/check_migrations.py).
"""

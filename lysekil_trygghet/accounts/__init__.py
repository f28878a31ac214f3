"""Who we are: people, the organisations they speak for, and their role there.

Here: users, organisations, functions, memberships and delegations, and signing in.
Not here: what a role may do with a promise or an assignment (each app's policies.py says that).
"""

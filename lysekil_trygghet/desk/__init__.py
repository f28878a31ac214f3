"""How a worker's page is made: a form for one task, and what is answered when an operation says no.

Here: forms that are scanned and carry the page's revision or a one-time token, lists of rows, answers.
Never here: what a task is about (that is the app's forms and views).
"""

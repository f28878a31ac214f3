"""The portal's house: settings, root addresses, and the small shared rooms.

Here: what situation, pledges and incidents all need (who we are, what was done, telling people,
what must never be stored, workdays, looks). Not here: anything that knows a domain app.
"""

from lysekil_trygghet.celery import app as celery_app

__all__ = ["celery_app"]

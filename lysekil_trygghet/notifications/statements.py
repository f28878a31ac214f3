"""The steps around each send as single statements, for PostgreSQL: a mail costs two commits instead of two
transactions of four and five statements. On SQLite `delivery` does the same by the ORM.

Locks are taken in the order messages, then obligations, as everywhere (operations): a part that counts the rows of
another part runs after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import connection

from .models import Obligation

# Only while it is ours, still wanted, and nobody holds the sending back.
RENEW = """
UPDATE notifications_message AS m
SET lease_until = statement_timestamp() + %(lease)s, next_at = statement_timestamp() + %(lease)s,
    attempts = attempts + 1, unanswered = unanswered + 1
WHERE m.id = %(pk)s AND m.state = 'SENDING' AND m.lease_token = %(token)s
  AND EXISTS (SELECT 1 FROM notifications_obligation o WHERE o.message_id = m.id AND o.state = 'PLANNED')
  AND (m.user_id IS NULL OR EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = m.user_id AND u.is_active))
  AND NOT EXISTS (SELECT 1 FROM notifications_sendinghold h WHERE h.released_at IS NULL)
"""
TO_TELL = """
SELECT o.* FROM notifications_obligation o
WHERE o.message_id = %(pk)s AND o.state = 'PLANNED'
  AND (o.user_id IS NULL OR EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = o.user_id AND u.is_active))
ORDER BY o.moment, o.id
"""
# The server's yes outranks whoever holds the row now. Nothing joins a mail on its way; should anything have, it must
# go in another one.
RECORD = """
WITH sent AS (
    UPDATE notifications_message
    SET state = 'SENT', sent_at = statement_timestamp(), next_at = NULL, lease_token = '', lease_until = NULL,
        unanswered = 0, last_error = '', last_error_kind = ''
    WHERE id = %(pk)s AND state <> 'SENT'
    RETURNING id
), told AS (
    UPDATE notifications_obligation
    SET state = 'SENT', sent_at = statement_timestamp()
    WHERE id = ANY(%(told)s) AND (SELECT count(*) FROM sent) >= 0
    RETURNING id
)
UPDATE notifications_obligation
SET message_id = NULL
WHERE message_id = %(pk)s AND state = 'PLANNED' AND id <> ALL(%(told)s) AND (SELECT count(*) FROM told) >= 0
"""


def are_at_hand() -> bool:
    return connection.vendor == "postgresql"


def renew(pk: int, *, token: str, lease: dt.timedelta) -> bool:
    values: dict[str, Any] = {"pk": pk, "token": token, "lease": lease}
    with connection.cursor() as cursor:
        cursor.execute(RENEW, values)
        return bool(cursor.rowcount)


def to_tell(pk: int) -> list[Obligation]:
    return list(Obligation.objects.raw(TO_TELL, {"pk": pk}))


def record(pk: int, *, told: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RECORD, {"pk": pk, "told": list(told)})

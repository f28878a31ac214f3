"""The steps around the sends as single statements, for PostgreSQL: some mails together cost two commits instead of two
transactions of four and five statements each. On SQLite `delivery` does the same by the ORM, one by one.

Locks are taken in the order messages, then obligations, as everywhere (operations): a part that counts the rows of
another part runs after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import connection

from .models import Obligation

# Only while it is ours, still wanted, and nobody holds the sending back. `next_at` stands in an index, so it moves
# only when it has come a bit nearer.
RENEW = """
WITH ours AS (
    SELECT id FROM notifications_message
    WHERE id = ANY(%(pks)s) AND state = 'SENDING' AND lease_token = %(token)s
    ORDER BY key FOR UPDATE
)
UPDATE notifications_message AS m
SET lease_until = statement_timestamp() + %(lease)s,
    next_at = CASE WHEN m.next_at < statement_timestamp() + 0.9 * %(lease)s
        THEN statement_timestamp() + %(lease)s ELSE m.next_at END,
    attempts = attempts + 1, unanswered = unanswered + 1
FROM ours
WHERE m.id = ours.id
  AND EXISTS (SELECT 1 FROM notifications_obligation o WHERE o.message_id = m.id AND o.state = 'PLANNED')
  AND (m.user_id IS NULL OR EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = m.user_id AND u.is_active))
  AND NOT EXISTS (SELECT 1 FROM notifications_sendinghold h WHERE h.released_at IS NULL)
RETURNING m.id
"""
TO_TELL = """
SELECT o.* FROM notifications_obligation o
WHERE o.message_id = ANY(%(pks)s) AND o.state = 'PLANNED'
  AND (o.user_id IS NULL OR EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = o.user_id AND u.is_active))
ORDER BY o.moment, o.id
"""
# The server's yes outranks whoever holds the row now. Nothing joins a mail on its way; should anything have, it must
# go in another one.
RECORD = """
WITH ours AS (
    SELECT id FROM notifications_message WHERE id = ANY(%(pks)s) AND state <> 'SENT' ORDER BY key FOR UPDATE
), sent AS (
    UPDATE notifications_message AS m
    SET state = 'SENT', sent_at = statement_timestamp(), next_at = NULL, lease_token = '', lease_until = NULL,
        unanswered = 0, last_error = '', last_error_kind = ''
    FROM ours
    WHERE m.id = ours.id
    RETURNING m.id
), told AS (
    UPDATE notifications_obligation
    SET state = 'SENT', sent_at = statement_timestamp()
    WHERE id = ANY(%(told)s) AND (SELECT count(*) FROM sent) >= 0
    RETURNING id
)
UPDATE notifications_obligation
SET message_id = NULL
WHERE message_id = ANY(%(pks)s) AND state = 'PLANNED' AND id <> ALL(%(told)s) AND (SELECT count(*) FROM told) >= 0
"""


def are_at_hand() -> bool:
    return connection.vendor == "postgresql"


def renew(pks: Sequence[int], *, token: str, lease: dt.timedelta) -> list[int]:
    """Those of the messages whose lease is prolonged: ours, and with something to say to somebody active."""
    values: dict[str, Any] = {"pks": list(pks), "token": token, "lease": lease}
    with connection.cursor() as cursor:
        cursor.execute(RENEW, values)
        return [row[0] for row in cursor.fetchall()]


def to_tell(pks: Sequence[int]) -> dict[int, list[Obligation]]:
    """By message, what its mail must say now."""
    found: dict[int, list[Obligation]] = {}
    for row in Obligation.objects.raw(TO_TELL, {"pks": list(pks)}):
        found.setdefault(row.message_id or 0, []).append(row)
    return found


def record(pks: Sequence[int], *, told: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RECORD, {"pks": list(pks), "told": list(told)})


def count_anew() -> None:
    """Tells PostgreSQL how many rows there are; by itself it looks a minute later, and sorts all of them till then."""
    if are_at_hand():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notifications_message, notifications_obligation")

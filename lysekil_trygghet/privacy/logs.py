"""Keeps whatever looks like an identity number out of the logs.

Settings name this filter, so it must not need Django's applications.
"""

from __future__ import annotations

import logging

from .identity import mask

_formatter = logging.Formatter()


class RedactIdentityNumbers(logging.Filter):
    """Masks the message with its arguments, and the traceback: its last line often quotes a value."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            # A log call with the wrong arguments: the handler would print them as they are.
            message = f"{record.msg} {record.args!r}"
        record.msg, record.args = mask(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = mask(record.exc_text)
        if record.stack_info:
            record.stack_info = mask(record.stack_info)
        return True

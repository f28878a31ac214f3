"""What must never be stored: finds identity numbers and other signs that a text points out a person.

Here: pure functions, the checked form and admin, the list shown beside a field, the filter of the logs.
Not here: storage of what was found. A finding never carries the value that was found.
`forms` is imported by its own name, so that settings can use this room before Django is ready.
"""

from .kinds import Kind
from .scanner import Finding, check_file_name, scan
from .text import UnreadableText, clean_text

__all__ = ["Finding", "Kind", "UnreadableText", "check_file_name", "clean_text", "scan"]

"""A status as it is shown: always words and an icon, never colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Badge:
    """`{% status_badge badge.label badge.icon badge.tone %}` draws it; `tone` is one of the tag's."""

    label: Any
    icon: str
    tone: str

"""A pledge set as one file, YAML or XLSX: read with errors that name the line, written so that it reads back the same.

Pure: bytes in, frozen rows or named errors out; no database. operations/exchange.py stores and fetches.
"""

from .rows import AreaRow, CommitmentRow, FileRefused, LineError, LinkRow, PartyRow, PauseRow, RuleRow, SetRow, UnitRow

__all__ = [
    "AreaRow",
    "CommitmentRow",
    "FileRefused",
    "LineError",
    "LinkRow",
    "PartyRow",
    "PauseRow",
    "RuleRow",
    "SetRow",
    "UnitRow",
]

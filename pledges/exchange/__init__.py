"""A pledge set as one file, YAML or XLSX: read with errors that name the line, written so that it reads back the same.

Pure: bytes in, frozen rows or named errors out; no database. operations/exchange.py stores and fetches.
"""

from pathlib import Path

from .rows import AreaRow, CommitmentRow, FileRefused, LineError, LinkRow, PartyRow, PauseRow, RuleRow, SetRow, UnitRow

# The case of 2018 whole, which staff fetch to begin from; docs/pledge-file.md explains its words.
EXAMPLE = Path(__file__).parent / "examples" / "loften-2018.yaml"

__all__ = [
    "EXAMPLE",
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

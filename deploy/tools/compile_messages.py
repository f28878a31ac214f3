"""Compiles `locale/*/LC_MESSAGES/*.po` with polib, so that the GNU gettext package is not needed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    for source in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po")):
        try:
            catalogue = polib.pofile(str(source))
        except (OSError, UnicodeDecodeError) as problem:
            print(f"{source.relative_to(ROOT)}: {problem}", file=sys.stderr)
            return 1
        # Written beside and moved, so that a running portal never reads half a catalogue.
        draft = source.with_suffix(".mo.new")
        catalogue.save_as_mofile(str(draft))
        os.replace(draft, source.with_suffix(".mo"))
    return 0


if __name__ == "__main__":
    sys.exit(main())

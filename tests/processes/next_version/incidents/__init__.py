"""The migrations of this version, and those of the next beside them."""

from pathlib import Path

from incidents import migrations as these

LAST = sorted(path.stem for path in Path(these.__path__[0]).glob("0*.py"))[-1]
__path__ = [*these.__path__, *__path__]

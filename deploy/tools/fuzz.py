"""Feeds each importer broken, cut and mixed files for a minute each: every file is read, or refused with a reason.

`make test-fuzz` (SECONDS=5 for a shorter run). Whatever else an importer raises is printed with the file kept.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("SECRET_KEY", "fuzz-" * 12)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

SECONDS = float(os.environ.get("SECONDS", "60"))
SLOWEST = 20.0
PIECES = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xe5", b"\n", b"\r\n", b" ", b"\t"),
    *(b'"', b"''", b";", b",", b":", b"{", b"}", b"[" * 50, b"]", b"null", b"NaN"),
    *(b"..", b"-", b"1e400", b"=1+1", b"9" * 400, b"1484 Lysekil", b"2016 prel.", b"VALUES", b"DATA="),
)


def seeds() -> dict[str, list[bytes]]:
    """Small files of each kind as they come from the publishers."""
    survey = "survey,year,area_type,area_code,question_code,answer,share_pct,n,method\n"
    return {
        "bra": [
            "Region;Brott;År;Period;Antal;/100 000 inv\nLysekil kommun;Rån;2016 prel.;Jan;1;7;\n".encode("latin-1"),
            "\ufeffKommun;Antal (prel.);Per 100 000 inv. (prel.)\nLysekil;1 012;7105\n".encode(),
        ],
        "kolada": [
            b'{"count":1,"values":[{"kpi":"N07540","municipality":"1484","period":2025,'
            b'"values":[{"gender":"T","status":"","count":1,"value":7105.0}]}]}',
            'Nyckeltal,Region,År,Invånare\n"Invånare  totalt, antal",Lysekil,2010,14627\n'.encode(),
        ],
        "scb": [
            b'{"version":"2.0","class":"dataset","id":["Region","Tid"],"size":[1,2],"dimension":{"Region":{"category":'
            b'{"index":{"1484":0},"label":{"1484":"Lysekil"}}},"Tid":{"category":{"index":{"2024":0,"2025":1},'
            b'"label":{"2024":"2024","2025":"2025"}}}},"value":[1,2]}',
            b'CHARSET="ANSI";\nMATRIX="X";\nTITLE="T";\nCONTENTS="C";\nUNITS="n";\nSTUB="region";\nHEADING="year";\n'
            b'VALUES("region")="1484 Lysekil";\nVALUES("year")="2015","2016";\nDATA=\n1 ".."\n;\n',
            "region;ålder;år;Folkmängd\n1484 Lysekil;totalt ålder;2008;14631\n".encode(),
        ],
        "polisen": [
            b'[{"id":1,"datetime":"2026-06-08 9:05:00 +02:00","name":"08 juni 09.05, Brand, Lysekil","summary":"x",'
            b'"url":"/aktuellt/handelser/x/","type":"Brand","location":{"name":"Lysekil","gps":"58,11"}}]'
        ],
        "survey": [(survey + "LOKAL,2026,kommun,1484,unsafe,yes,38.0,404,open_web\n").encode()],
        "form": [
            b"Timestamp,Kon,Hur trygg?\n2026/01/01,K,Trygg\n2026/01/01,M,Otrygg\n",
            b"RespondentID,Fraga 1,,\n,Response,A,B\n1,Ja,A,\n2,Nej,,B\n",
        ],
        "areas": [
            b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kommunkod":"1484","namn":"Lysekil"},'
            b'"geometry":{"type":"Polygon","coordinates":[[[11,58],[12,58],[12,59],[11,58]]]}}]}'
        ],
        "table": ["Kommun;År;Antal bilar\nLysekil;2023;7\nMunkedal;2023;9\n".encode()],
    }


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """The seed with a few things wrong."""
    data = bytearray(seed * chance.choice((1, 1, 1, 3)))
    for _turn in range(chance.randint(1, 12)):
        at = chance.randint(0, len(data))
        what = chance.random()
        if what < 0.3:
            data[at:at] = chance.choice(PIECES)
        elif what < 0.5:
            del data[at : at + chance.randint(1, 20)]
        elif what < 0.7 and data:
            data[at % len(data)] = chance.randrange(256)
        elif what < 0.9:
            piece = bytes(data[at : at + chance.randint(1, 60)])
            place = chance.randint(0, len(data))
            data[place:place] = piece * chance.randint(1, 4)
        else:
            del data[at:]
    return bytes(data)


def readers() -> dict[str, Callable[[Path], int]]:
    from situation.importers import areas, bra, kolada, polisen, scb, surveys, table

    def of_table(path: Path) -> int:
        read = 0
        for shape in table.look(path):
            mapping = table.propose(shape)
            if mapping is not None:
                read += sum(1 for _item in table.read(path, mapping=mapping).items)
        return read

    def of_form(path: Path) -> int:
        form = surveys.look(path)
        usable = [column for column in form.columns if not column.is_personal]
        questions = [surveys.Question((column.index,), column.code or "q", column.text, "single") for column in usable]
        return sum(1 for _item in surveys.aggregate(path, questions=questions).items)

    return {
        "bra": lambda path: sum(1 for _item in bra.read(path, name="brott-2025.csv").items),
        "kolada": lambda path: sum(1 for _item in kolada.read(path).items),
        "scb": lambda path: sum(1 for _item in scb.read(path).items),
        "polisen": lambda path: sum(1 for _item in polisen.read(path).items),
        "survey": lambda path: sum(1 for _item in surveys.read_table(path).items),
        "form": of_form,
        "areas": lambda path: sum(1 for _item in areas.read(path).items),
        "table": of_table,
    }


def main() -> int:
    import django

    django.setup()
    from situation.importers.rows import FileRefused

    seed = int(os.environ.get("SEED", str(random.randrange(10**9))))
    chance = random.Random(seed)
    print(f"SEED={seed}")
    failed = 0
    for name, read in readers().items():
        counts: Counter[str] = Counter()
        until = time.monotonic() + SECONDS
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "file"
            while time.monotonic() < until:
                path.write_bytes(mutated(chance.choice(seeds()[name]), chance))
                begun = time.monotonic()
                try:
                    counts["read" if read(path) else "nothing"] += 1
                except FileRefused as refused:
                    counts["refused"] += 1
                    if not refused.reason.strip():
                        counts["failed"] += 1
                except Exception:
                    counts["failed"] += 1
                    if counts["failed"] <= 3:
                        kept = Path(tempfile.gettempdir()) / f"fuzz-{name}-{counts['failed']}"
                        kept.write_bytes(path.read_bytes())
                        print(f"{name}: kept as {kept}\n{traceback.format_exc()}")
                if time.monotonic() - begun > SLOWEST:
                    counts["failed"] += 1
                    print(f"{name}: took longer than {SLOWEST} s")
        failed += counts["failed"]
        print(f"{name:<8} " + ", ".join(f"{count:,} {word}" for word, count in sorted(counts.items())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

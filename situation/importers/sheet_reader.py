"""Reads one spreadsheet and writes each sheet as a line of JSON. Run by sheets.py as a process of its own, so that a
hostile file meets the limits set here and never the portal's memory. Imports nothing of the project.
"""

import datetime as dt
import json
import resource
import sys

MEMORY = 700 << 20
SECONDS = 15
MOST_ROWS = 200_000


def text_of(cell):
    if isinstance(cell, str):
        return cell.replace("\u00a0", " ").strip()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return "" if cell is None else str(cell)


def tell(said):
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main(path):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
    except python_calamine.PasswordError:
        return {"refused": "encrypted"}
    for meta in book.sheets_metadata:
        if "WorkSheet" not in str(meta.typ):
            continue
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.height * sheet.width > 4_000_000 or sheet.height > MOST_ROWS:
            return {"refused": "limits"}
        first = sheet.start[0] if sheet.start else 0
        rows = []
        for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first + 1):
            texts = [text_of(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                rows.append((number, texts))
        if rows:
            tell({"name": meta.name, "rows": rows})
    return None


if __name__ == "__main__":
    try:
        refused = main(sys.argv[1])
    except MemoryError:
        refused = {"refused": "limits"}
    except Exception:
        refused = {"refused": "broken"}
    if refused:
        tell(refused)

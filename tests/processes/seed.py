"""Plans many dues at once, each for its own recipient: what the process tests let the portal send."""

from __future__ import annotations

import argparse
import datetime as dt

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="makes the keys of this batch unlike those of others")
    parser.add_argument("rows", type=int)
    parser.add_argument("--minutes", type=int, default=-1, help="from now until they are due")
    options = parser.parse_args()
    django.setup()

    from lysekil_trygghet.notifications.operations import Due, plan
    from lysekil_trygghet.notifications.sweeping import database_now

    now = database_now()
    dues = [
        Due(
            key=f"{options.name}:{number}:overdue",
            subject=f"incidents.assignment:{number}",
            step="overdue",
            moment=now + dt.timedelta(minutes=options.minutes),
            user_id=None,
            address=f"{options.name}-{number}@kommun.example",
            heading="Försenade återrapporter",
            number=f"2020-1:{number}",
            title=f"Uppdrag {number}",
            due_at=now,
            path=f"/arbete/uppdrag/{number}/rapport/",
        )
        for number in range(options.rows)
    ]
    new = plan(dues, now=now)
    if new != options.rows:
        raise SystemExit(f"{new} of {options.rows} rows were new")


if __name__ == "__main__":
    main()

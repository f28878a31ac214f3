"""Signs a demo person in, without the sign-in page: the key of a new session for each time asked for."""

from __future__ import annotations

import argparse
import sys

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("who", help="coordinator, communicator, …")
    parser.add_argument("--times", type=int, default=1)
    options = parser.parse_args()
    django.setup()

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from tests import make

    person = make.people()[options.who]
    for _ in range(options.times):
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        sys.stdout.write(f"{session.session_key}\n")


if __name__ == "__main__":
    main()

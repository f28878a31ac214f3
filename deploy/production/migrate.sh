#!/bin/sh
# Brings the database to this version's shape, as its owner: safe to run twice, and while the portal answers
# (docs/drift.md). DATABASE_URL is the owner's.
set -eu
: "${DATABASE_URL:?}"
cd "$(dirname "$0")/../.."
PATH="$PWD/.venv/bin:$PATH"
# A change of a table waits for those who use it, and everybody else waits behind it. So it gives up before they do
# (3 seconds), lets them pass and tries again. What it does once it has its turn may take as long as it needs.
export LOCK_SECONDS=2 STATEMENT_SECONDS=0
said="$(mktemp)"
trap 'rm -f "$said"' EXIT
tries=1
until python manage.py migrate --noinput 2>"$said"; do
    if [ "$tries" -ge 20 ] || ! grep -q 'lock timeout' "$said"; then
        cat "$said" >&2
        exit 1
    fi
    echo "migrate: somebody uses the table; try $tries gave way" >&2
    tries=$((tries + 1))
    sleep 2
done
cat "$said" >&2
python manage.py createcachetable
psql --dbname="$DATABASE_URL" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=deploy/production/roles-after-migrate.sql

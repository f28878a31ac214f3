#!/bin/sh
# Brings the database to this version's shape, as its owner: safe to run twice, and while the portal answers
# (docs/drift.md). DATABASE_URL is the owner's.
set -eu
: "${DATABASE_URL:?}"
cd "$(dirname "$0")/../.."
PATH="$PWD/.venv/bin:$PATH"
python manage.py migrate --noinput
python manage.py createcachetable
psql --dbname="$DATABASE_URL" --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --file=deploy/production/roles-after-migrate.sql

-- Three database roles, so that the web server cannot change the tables or rewrite history even if it is broken into.
-- Run once as a superuser, in a database made for the portal:
--     createdb --template=template0 --encoding=UTF8 trygghet
--     psql --dbname=trygghet --file=roles.sql
-- then give each role a password with \password, and run migrations as the owner (docs/drift.md).

CREATE ROLE trygghet_owner LOGIN;
CREATE ROLE trygghet_app LOGIN;
CREATE ROLE trygghet_read LOGIN;

-- Residents' search finds parts of words by letter groups; the migration would need more rights to add it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO trygghet_owner;
GRANT USAGE ON SCHEMA public TO trygghet_app, trygghet_read;

-- What the owner makes, now and at each later migration, the others may use.
ALTER DEFAULT PRIVILEGES FOR ROLE trygghet_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO trygghet_app;
ALTER DEFAULT PRIVILEGES FOR ROLE trygghet_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO trygghet_app;
ALTER DEFAULT PRIVILEGES FOR ROLE trygghet_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO trygghet_read;

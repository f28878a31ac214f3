-- Run as trygghet_owner after the first migration: the log of acts can be added to and read, never changed.
-- (A trigger refuses changes too; this is the second lock.)
REVOKE UPDATE, DELETE, TRUNCATE ON history_event FROM trygghet_app;
-- Where the migrations stand is not for the web server to change.
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM trygghet_app;

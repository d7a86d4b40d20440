"""The log of changed tables, from which facet indexes know what to read anew (cluster_portal.facets)."""

from django.db import migrations

from cluster_portal.records.triggers import log_triggers, without

# Which table changed, in which transaction.
# Append-only, so that no two writers ever wait for each other; a day's worth is kept.
CHANGES = """
CREATE TABLE portal_change (
    source text NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX portal_change_xid ON portal_change (xid);
CREATE INDEX portal_change_recorded ON portal_change (recorded_at);
CREATE FUNCTION portal_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_change (source) VALUES (TG_TABLE_NAME);
    DELETE FROM portal_change WHERE ctid IN (
        SELECT ctid FROM portal_change WHERE recorded_at < now() - interval '1 day'
        LIMIT 100 FOR UPDATE SKIP LOCKED
    );
    RETURN NULL;
END $$;
"""

# The log names transactions by their numbers, which mean something only within one history of one server. After a crash
# numbers that were handed out, and whose end was not on the disk, are used again. What tells: a row in an unlogged table,
# which PostgreSQL empties in crash recovery and when a standby is promoted; when the server was started, which differs
# after an older copy of the data was put in its place; the log itself, which a restored dump makes anew. A standby cannot
# read unlogged tables, and hands out no numbers. NULL: nobody has begun a history since.
HISTORY = """
CREATE UNLOGGED TABLE portal_era (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    era uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO portal_era DEFAULT VALUES;
CREATE FUNCTION portal_history() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    era text := 'standby';
BEGIN
    IF NOT pg_is_in_recovery() THEN
        era := (SELECT portal_era.era FROM portal_era);
    END IF;
    RETURN era || ' ' || pg_postmaster_start_time()::text || ' ' || 'portal_change'::regclass::oid;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_texts_and_memory")]
    operations = [
        migrations.RunSQL(CHANGES, "DROP FUNCTION portal_log_change; DROP TABLE portal_change"),
        migrations.RunSQL(HISTORY, "DROP FUNCTION portal_history; DROP TABLE portal_era"),
        *(
            migrations.RunSQL(statement, without(statement))
            for statement in log_triggers(("portal_page", "portal_formerslug"))
        ),
    ]

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


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_texts_and_memory")]
    operations = [
        migrations.RunSQL(CHANGES, "DROP FUNCTION portal_log_change; DROP TABLE portal_change"),
        *(
            migrations.RunSQL(statement, without(statement))
            for statement in log_triggers(("portal_page", "portal_formerslug"))
        ),
    ]

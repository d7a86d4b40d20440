"""The log of changes, from which whoever keeps something of the database knows what to read anew
(cluster_portal.records.changes), and what tells one history of the server from another."""

from django.db import migrations

from cluster_portal.records.triggers import log_triggers, without

# Which rows of which table changed, in which transaction: ``keys`` are values of the column ``owner`` (its own key, or
# whose row it is), before and after; none when there are too many to name.
# Append-only, so that no two writers ever wait for each other; a day's worth is kept.
CHANGES = """
CREATE TABLE portal_change (
    source text NOT NULL,
    owner text NOT NULL,
    keys bigint[],
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX portal_change_xid ON portal_change (xid);
CREATE INDEX portal_change_recorded ON portal_change (recorded_at);
CREATE FUNCTION portal_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most CONSTANT int := 500;
    parts text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT %1$I AS key FROM changed'
        WHEN 'DELETE' THEN 'SELECT %1$I AS key FROM former'
        ELSE 'SELECT %1$I AS key FROM changed UNION ALL SELECT %1$I FROM former' END;
    owner text;
    named bigint[];
    count int;
BEGIN
    FOREACH owner IN ARRAY TG_ARGV LOOP
        IF TG_OP = 'TRUNCATE' THEN
            named := NULL;
        ELSE
            EXECUTE format(
                'SELECT count(*), array_remove(array_agg(DISTINCT key), NULL) FROM ('
                || parts || ' LIMIT 2 * %2$s + 1) rows', owner, most) INTO count, named;
            CONTINUE WHEN count = 0;  -- a statement that found nothing to change
            IF count > 2 * most OR cardinality(named) > most THEN
                named := NULL;
            END IF;
        END IF;
        INSERT INTO portal_change (source, owner, keys) VALUES (TG_TABLE_NAME, owner, named);
    END LOOP;
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
# after an older copy of the data was put in its place; the database and the log itself, which a restored dump makes anew. A standby cannot
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
    RETURN concat_ws(' ', era, pg_postmaster_start_time(), oid, 'portal_change'::regclass::oid)
        FROM pg_database WHERE datname = current_database() AND era IS NOT NULL;
END $$;
"""

# One question: where we are, in which history, whether this transaction has written, and what became visible since a
# snapshot. STABLE, so that all of it is seen at one moment; in PL/pgSQL, so that it is planned once a connection.
LOOK = """
CREATE FUNCTION portal_look(seen pg_snapshot, OUT snapshot text, OUT history text, OUT writing boolean,
                            OUT source text, OUT owner text, OUT keys bigint[])
RETURNS SETOF record LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT pg_current_snapshot()::text, portal_history(), pg_current_xact_id_if_assigned() IS NOT NULL,
           change.source, change.owner, change.keys
    FROM (SELECT) here LEFT JOIN (
        SELECT source, owner,
               CASE WHEN bool_and(keys IS NOT NULL)
                   THEN coalesce(array_agg(DISTINCT key) FILTER (WHERE key IS NOT NULL), '{}') END AS keys
        FROM portal_change LEFT JOIN unnest(keys) AS key ON true
        WHERE xid >= pg_snapshot_xmin(seen) AND NOT pg_visible_in_snapshot(xid, seen)
              -- a dump brings along lines of another history, whose numbers may be yet to come
              AND (xid < pg_snapshot_xmax(pg_current_snapshot()) OR xid = pg_current_xact_id_if_assigned())
        GROUP BY source, owner
    ) change ON true;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_texts_and_memory")]
    operations = [
        migrations.RunSQL(CHANGES, "DROP FUNCTION portal_log_change; DROP TABLE portal_change"),
        migrations.RunSQL(HISTORY, "DROP FUNCTION portal_history; DROP TABLE portal_era"),
        migrations.RunSQL(LOOK, "DROP FUNCTION portal_look"),
        *(
            migrations.RunSQL(statement, without(statement))
            for statement in log_triggers({"portal_page": ("id",), "portal_formerslug": ("id",)})
        ),
    ]

"""The log of changes is read on standbys too, whose snapshots do not say which transactions were running."""

from django.db import migrations

# The snapshot that a standby tells has no list of running transactions: one that is older than a committed one would
# count as seen before it commits. There only what ended before the oldest running one counts as seen; what was committed
# since may be told again until that one has ended.
LOOK = """
CREATE OR REPLACE FUNCTION portal_look(seen pg_snapshot, OUT snapshot text, OUT history text, OUT writing boolean,
                                       OUT source text, OUT owner text, OUT keys bigint[])
RETURNS SETOF record LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    here pg_snapshot := pg_current_snapshot();
BEGIN
    RETURN QUERY
    SELECT CASE WHEN pg_is_in_recovery() THEN concat(pg_snapshot_xmin(here), ':', pg_snapshot_xmin(here), ':')
                ELSE here::text END,
           portal_history(), pg_current_xact_id_if_assigned() IS NOT NULL, change.source, change.owner, change.keys
    FROM (SELECT) once LEFT JOIN (
        SELECT source, owner,
               CASE WHEN bool_and(keys IS NOT NULL)
                   THEN coalesce(array_agg(DISTINCT key) FILTER (WHERE key IS NOT NULL), '{}') END AS keys
        FROM portal_change LEFT JOIN unnest(keys) AS key ON true
        WHERE xid >= pg_snapshot_xmin(seen) AND NOT pg_visible_in_snapshot(xid, seen)
              -- a dump brings along lines of another history, whose numbers may be yet to come
              AND (xid < pg_snapshot_xmax(here) OR xid = pg_current_xact_id_if_assigned())
        GROUP BY source, owner
    ) change ON true;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_sort_key")]
    operations = [migrations.RunSQL(LOOK, migrations.RunSQL.noop)]

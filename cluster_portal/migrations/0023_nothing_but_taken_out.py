"""What takes somebody out of the history can take out, and do nothing else.

It runs by the rights of the owner. So it looks for everything by names that nobody else can give (a table or a type of one
session would come first, with what its triggers do), writes into tables of events of the owner’s alone, and only what
stood there already, less what gave way to the sign.
"""

from importlib import import_module

from django.db import migrations

before = import_module("cluster_portal.migrations.0021_erasures").TAKE_OUT

TAKE_OUT = r"""
CREATE OR REPLACE FUNCTION portal_take_out(events text, place tid, columns text[], texts text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    found regclass := (
        SELECT c.oid FROM pg_class c
        WHERE c.oid = to_regclass(quote_ident(events)) AND c.relpersistence = 'p' AND c.relkind = 'r'
          AND pg_get_userbyid(c.relowner) = current_user
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'pgh_obj_id')
    );
    kind text;
    written text[] := '{}';
    less text[] := '{}';
    number integer;
BEGIN
    IF found IS NULL THEN
        RAISE EXCEPTION 'portal_take_out: % holds no events', events;
    END IF;
    FOR position IN 1 .. array_length(columns, 1) LOOP
        SELECT format_type(a.atttypid, a.atttypmod) INTO kind FROM pg_attribute a
        WHERE a.attrelid = found AND a.attname = columns[position] AND a.attnum > 0;
        written := written || format('%I = %L::%s', columns[position], texts[position], kind);
        less := less || format(
            $like$%I::text LIKE replace(regexp_replace(%L::%s::text, '([\\%%_])', '\\\1', 'g'), '…', '%%')$like$,
            columns[position], texts[position], kind
        );
    END LOOP;
    EXECUTE format(
        'UPDATE %s SET %s WHERE ctid = $1 AND %s', found, array_to_string(written, ', '), array_to_string(less, ' AND ')
    ) USING place;
    GET DIAGNOSTICS number = ROW_COUNT;
    IF number <> 1 THEN
        RAISE EXCEPTION 'portal_take_out: nothing was taken out';
    END IF;
END $$;

DO $do$ BEGIN
    EXECUTE format(
        'ALTER FUNCTION portal_take_out(text, tid, text[], text[]) SET search_path TO pg_catalog, %I, pg_temp',
        current_schema()
    );
END $do$
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0022_private_mails")]
    operations = [migrations.RunSQL(TAKE_OUT, before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))]

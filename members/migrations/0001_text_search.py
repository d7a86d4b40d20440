"""Extensions, and the functions by which text is folded, queried and ranked."""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

# unaccent() is STABLE because its dictionary may change; a generated column needs IMMUTABLE.
UNACCENT = """
CREATE FUNCTION portal_unaccent(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN public.unaccent('public.unaccent'::regdictionary, $1);
"""

# Kept equal to cluster_portal.search.fold by a test.
FOLD = r"""
CREATE FUNCTION portal_fold(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(
    lower(portal_unaccent($1)),
    '\m([a-z])[.&](?=[a-z]\M)', '\1', 'g'),
    '[^a-z0-9]+', ' ', 'g'),
    '\mst\M', 'saint', 'g'),
    '\mste\M', 'sainte', 'g'));
"""

# A word that either language considers empty ("de", "the") is left out, unless nothing else is
# asked: then "IT" or "EN" are meant as they stand.
QUERY = """
CREATE FUNCTION portal_tsquery(words text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    word text;
    french tsquery;
    english tsquery;
    wanted tsquery := ''::tsquery;
    verbatim tsquery := ''::tsquery;
BEGIN
    FOREACH word IN ARRAY string_to_array(portal_fold(words), ' ') LOOP
        french := plainto_tsquery('pg_catalog.french', word);
        english := plainto_tsquery('pg_catalog.english', word);
        verbatim := verbatim && plainto_tsquery('pg_catalog.simple', word);
        IF numnode(french) > 0 AND numnode(english) > 0 THEN
            wanted := wanted && (french || english || plainto_tsquery('pg_catalog.simple', word));
        END IF;
    END LOOP;
    RETURN CASE WHEN numnode(wanted) > 0 THEN wanted ELSE verbatim END;
END $$;
"""

# Weights D, C, B, A: a word of a name outranks any number of the same word in a description, and a
# description outranks an address. The bonus puts an exact name or acronym before everything else.
RANK = """
CREATE FUNCTION portal_rank(document tsvector, names text, query tsquery, folded text)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN ts_rank('{0.01, 0.05, 0.3, 1.0}', document, query)
    + CASE WHEN strpos(names, '|' || folded || '|') > 0 THEN 2.0
           WHEN strpos(names, '|' || folded || ' ') > 0 THEN 0.5
           ELSE 0.0 END;
"""

# Saving without a change moves no date. Arguments: generated columns, which are not computed yet.
TOUCH = """
CREATE FUNCTION portal_touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ignored text[] := ARRAY['updated_at', 'updated_by_id'] || TG_ARGV::text[];
BEGIN
    IF to_jsonb(NEW) - ignored = to_jsonb(OLD) - ignored THEN
        RETURN OLD;
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END $$;
"""

# Argument: the kind of page, as members.models.FormerSlug names it.
SLUGS = """
CREATE FUNCTION portal_remember_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO members_formerslug (model, slug, object_id, changed_at)
    VALUES (TG_ARGV[0], OLD.slug, OLD.id, now())
    ON CONFLICT (model, slug) DO UPDATE SET object_id = EXCLUDED.object_id, changed_at = now();
    DELETE FROM members_formerslug WHERE model = TG_ARGV[0] AND slug = NEW.slug;
    RETURN NULL;
END $$;
"""

# The log that facet indexes read (cluster_portal.facets): which table changed, in which transaction.
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
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(UNACCENT, "DROP FUNCTION portal_unaccent"),
        migrations.RunSQL(FOLD, "DROP FUNCTION portal_fold"),
        migrations.RunSQL(QUERY, "DROP FUNCTION portal_tsquery"),
        migrations.RunSQL(RANK, "DROP FUNCTION portal_rank"),
        migrations.RunSQL(TOUCH, "DROP FUNCTION portal_touch"),
        migrations.RunSQL(SLUGS, "DROP FUNCTION portal_remember_slug"),
        migrations.RunSQL(
            CHANGES, "DROP FUNCTION portal_log_change; DROP TABLE portal_change"
        ),
    ]

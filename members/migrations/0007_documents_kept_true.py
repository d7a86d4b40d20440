"""Search documents that stay true whatever is done to the rows, and words folded as the program folds them.

Renamed regions and departments, names moved between clusters and truncated tables left documents as they
were; texts put together in no particular order made a document differ from one writing to the next; and a
member that has announced its departure was no longer found by its cluster.
"""

from django.db import migrations

from cluster_portal.triggers import document_trigger, learn_words, without

# cluster_portal.search.fold does the same, character by character: a test compares them over Unicode.
# Letters that no decomposition spells out: looked for first, since most texts have none of them.
LETTERS = [
    *((letter, " ") for letter in "™℠"),
    *zip("øØǿǾđĐłŁħĦıðÐ", "ooooddllhhidd"),
    *((letter, "oe") for letter in "œŒ"),
    *((letter, "ae") for letter in "æÆǽǼǣǢ"),
    *((letter, "ss") for letter in "ßẞ"),
    *((letter, "th") for letter in "þÞ"),
]
SPELT_OUT = "$1"
for letter, spelt in LETTERS:
    SPELT_OUT = f"replace({SPELT_OUT}, '{letter}', '{spelt}')"

FOLD = rf"""
CREATE OR REPLACE FUNCTION portal_fold(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN trim(regexp_replace(regexp_replace(regexp_replace(replace(replace(regexp_replace(regexp_replace(
    lower(regexp_replace(normalize(
        CASE WHEN $1 ~ '[{"".join(letter for letter, spelt in LETTERS)}]' THEN {SPELT_OUT} ELSE $1 END,
        NFKD), U&'[\0300-\036F\00AD\200B-\200D\2060\FEFF]+', '', 'g') COLLATE "C"),
    '[^a-z0-9.& ]+', ' ', 'g'),
    '\m([a-z])[.&](?=[a-z]\M)', '\1', 'g'),
    '.', ' '), '&', ' '), '  +', ' ', 'g'),
    '\mst\M', 'saint', 'g'),
    '\mste\M', 'sainte', 'g'));
"""

REFRESH = (
    """
CREATE OR REPLACE FUNCTION members_refresh_documents(ids bigint[]) RETURNS void LANGUAGE sql AS $$
INSERT INTO members_searchdocument (organisation_id, document, names)
SELECT o.id,
       setweight(to_tsvector('simple', n.words) || to_tsvector('french', n.words)
                 || to_tsvector('english', n.words), 'A')
       || setweight(to_tsvector('simple', coalesce(c.words, ''))
                    || to_tsvector('french', coalesce(t.french, ''))
                    || to_tsvector('english', coalesce(t.english, '')), 'B')
       || setweight(to_tsvector('french', portal_fold(o.description_fr))
                    || to_tsvector('english', portal_fold(o.description_en)), 'C')
       || setweight(to_tsvector('simple', coalesce(s.words, '') || ' ' || o.siren || ' ' || o.ror_id
                                          || ' ' || o.rnsr_id || ' ' || o.uai_code), 'D'),
       '|' || portal_fold(o.name) || '|'
           || CASE WHEN o.acronym = '' THEN '' ELSE portal_fold(o.acronym) || '|' END
           || coalesce(n.others || '|', '')
FROM members_organisation o
CROSS JOIN LATERAL (
    SELECT portal_fold(o.name || ' ' || o.acronym) || ' '
               || coalesce(string_agg(portal_fold(name), ' ' ORDER BY id), '') AS words,
           string_agg(portal_fold(name), '|' ORDER BY id) AS others
    FROM members_organisationname WHERE organisation_id = o.id
) n
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(theme.name_fr || ' ' || coalesce(domain.name_fr, '')), ' ' ORDER BY theme.id) AS french,
           string_agg(portal_fold(theme.name_en || ' ' || coalesce(domain.name_en, '')), ' ' ORDER BY theme.id) AS english
    FROM members_organisation_themes link
    JOIN members_theme theme ON theme.id = link.theme_id
    LEFT JOIN members_theme domain ON domain.id = theme.parent_id
    WHERE link.organisation_id = o.id
) t
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(cluster.name || ' ' || cluster.acronym || ' '
                                  || coalesce(others.names, '')), ' ' ORDER BY membership.id) AS words
    FROM members_membership membership
    JOIN members_cluster cluster ON cluster.id = membership.cluster_id AND cluster.status = 'published'
    LEFT JOIN LATERAL (
        SELECT string_agg(name, ' ' ORDER BY id) AS names FROM members_clustername WHERE cluster_id = cluster.id
    ) others ON true
    WHERE membership.organisation_id = o.id AND (membership.left_on IS NULL OR membership.left_on > current_date)
) c
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(site.city || ' ' || department.name || ' ' || region.name) || ' '
                      || site.siret || ' ' || site.postcode, ' ' ORDER BY site.id) AS words
    FROM members_site site
    JOIN members_department department ON department.id = site.department_id
    JOIN members_region region ON region.id = department.region_id
    WHERE site.organisation_id = o.id
) s
WHERE ids IS NULL OR o.id = ANY (ids)
ON CONFLICT (organisation_id) DO UPDATE
    SET document = EXCLUDED.document, names = EXCLUDED.names
    WHERE (members_searchdocument.document, members_searchdocument.names)
          IS DISTINCT FROM (EXCLUDED.document, EXCLUDED.names);
"""
    + learn_words("""
            SELECT name || ' ' || acronym || ' ' || description_fr || ' ' || description_en
            FROM members_organisation WHERE ids IS NULL OR id = ANY (ids)
            UNION ALL
            SELECT name FROM members_organisationname WHERE ids IS NULL OR organisation_id = ANY (ids)
            UNION ALL
            SELECT city FROM members_site WHERE ids IS NULL OR organisation_id = ANY (ids)
            UNION ALL
            SELECT name_fr || ' ' || name_en FROM members_theme
""")
    + "$$;"
)

PLACES = """
CREATE FUNCTION members_document_of_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'members_region' THEN
        SELECT array_agg(DISTINCT site.organisation_id) INTO touched
        FROM members_site site JOIN members_department department ON department.id = site.department_id
        WHERE department.region_id IN (SELECT id FROM changed);
    ELSE
        SELECT array_agg(DISTINCT organisation_id) INTO touched
        FROM members_site WHERE department_id IN (SELECT id FROM changed);
    END IF;
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

# A name may move from one cluster to another: both lose or gain it.
MOVED_NAMES = """
CREATE FUNCTION members_document_of_moved_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT organisation_id) INTO touched FROM members_membership
    WHERE cluster_id IN (SELECT cluster_id FROM changed UNION SELECT cluster_id FROM former);
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

EVERYTHING = """
CREATE FUNCTION members_document_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM members_refresh_documents(NULL);
    RETURN NULL;
END $$;
"""

EMPTIED = ("members_organisationname", "members_organisation_themes", "members_site", "members_membership",
           "members_clustername")
MOVED = "members_clustername_document_update"
TRIGGERS = [
    document_trigger("members_region", "members_document_of_place", "UPDATE"),
    document_trigger("members_department", "members_document_of_place", "UPDATE"),
    *(
        f"CREATE TRIGGER {table}_document_truncate AFTER TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION members_document_of_all();"
        for table in EMPTIED
    ),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0006_names_searched")]
    operations = [
        migrations.RunSQL(FOLD, migrations.RunSQL.noop),
        migrations.RunSQL(REFRESH, migrations.RunSQL.noop),
        migrations.RunSQL(PLACES, "DROP FUNCTION members_document_of_place"),
        migrations.RunSQL(MOVED_NAMES, "DROP FUNCTION members_document_of_moved_name CASCADE"),
        migrations.RunSQL(EVERYTHING, "DROP FUNCTION members_document_of_all"),
        *(migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS),
        migrations.RunSQL(
            f"DROP TRIGGER {MOVED} ON members_clustername; "
            + document_trigger("members_clustername", "members_document_of_moved_name", "UPDATE"),
            f"DROP TRIGGER {MOVED} ON members_clustername; "
            + document_trigger("members_clustername", "members_document_of_cluster", "UPDATE"),
        ),
        migrations.RunSQL("SELECT members_refresh_documents(NULL)", migrations.RunSQL.noop),
    ]

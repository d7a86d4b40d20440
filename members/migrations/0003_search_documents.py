"""The search documents, kept by triggers from an organisation and all that it is found by."""

from django.db import migrations

from cluster_portal.triggers import (
    EVENTS,
    document_trigger,
    learn_words,
    log_triggers,
    slug_trigger,
    touch_trigger,
    without,
)

# NULL refreshes every organisation: bulk loads disable the triggers and call this once.
REFRESH = (
    """
CREATE FUNCTION members_refresh_documents(ids bigint[]) RETURNS void LANGUAGE sql AS $$
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
    SELECT string_agg(portal_fold(theme.name_fr || ' ' || coalesce(domain.name_fr, '')), ' ') AS french,
           string_agg(portal_fold(theme.name_en || ' ' || coalesce(domain.name_en, '')), ' ') AS english
    FROM members_organisation_themes link
    JOIN members_theme theme ON theme.id = link.theme_id
    LEFT JOIN members_theme domain ON domain.id = theme.parent_id
    WHERE link.organisation_id = o.id
) t
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(cluster.name || ' ' || cluster.acronym || ' '
                                  || coalesce(others.names, '')), ' ') AS words
    FROM members_membership membership
    JOIN members_cluster cluster ON cluster.id = membership.cluster_id AND cluster.status = 'published'
    LEFT JOIN LATERAL (
        SELECT string_agg(name, ' ') AS names FROM members_clustername WHERE cluster_id = cluster.id
    ) others ON true
    WHERE membership.organisation_id = o.id AND membership.left_on IS NULL
) c
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(site.city || ' ' || department.name || ' ' || region.name) || ' '
                      || site.siret || ' ' || site.postcode, ' ') AS words
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

OWN_ROWS = """
CREATE FUNCTION members_document_of_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    SELECT array_agg(id) INTO touched FROM changed;
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

# For the tables whose rows name an organisation. An update may move a row from one to another.
CHILD_ROWS = """
CREATE FUNCTION members_document_of_child() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(DISTINCT organisation_id) INTO touched FROM (
            SELECT organisation_id FROM changed UNION SELECT organisation_id FROM former
        ) both_sides;
    ELSE
        SELECT array_agg(DISTINCT organisation_id) INTO touched FROM changed;
    END IF;
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

VOCABULARY = """
CREATE FUNCTION members_document_of_theme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT link.organisation_id) INTO touched
    FROM members_organisation_themes link JOIN members_theme theme ON theme.id = link.theme_id
    WHERE theme.id IN (SELECT id FROM changed) OR theme.parent_id IN (SELECT id FROM changed);
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION members_document_of_cluster() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'members_cluster' THEN
        SELECT array_agg(DISTINCT organisation_id) INTO touched FROM members_membership
        WHERE cluster_id IN (SELECT id FROM changed);
    ELSE
        SELECT array_agg(DISTINCT organisation_id) INTO touched FROM members_membership
        WHERE cluster_id IN (SELECT cluster_id FROM changed);
    END IF;
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""


TRIGGERS = [
    *(document_trigger("members_organisation", "members_document_of_organisation", e) for e in ("INSERT", "UPDATE")),
    *(
        document_trigger(table, "members_document_of_child", event)
        for table in (
            "members_organisationname",
            "members_organisation_themes",
            "members_site",
            "members_membership",
        )
        for event in EVENTS
    ),
    document_trigger("members_theme", "members_document_of_theme", "UPDATE"),
    document_trigger("members_cluster", "members_document_of_cluster", "UPDATE"),
    *(document_trigger("members_clustername", "members_document_of_cluster", event) for event in EVENTS),
]

# What the facets, options and counts of member lists are made from.
LOGGED = [
    "members_organisation",
    "members_organisation_themes",
    "members_site",
    "members_membership",
    "members_theme",
    "members_cluster",
    "members_region",
    "members_department",
]
LOG = log_triggers(LOGGED)
SLUGS = [slug_trigger("members", model) for model in ("organisation", "cluster", "theme", "region")]
DATES = [
    touch_trigger("members", "organisation", "sort_name"),
    touch_trigger("members", "cluster", "sort_name"),
    touch_trigger("members", "page"),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0002_directory")]
    operations = [
        migrations.RunSQL(REFRESH, "DROP FUNCTION members_refresh_documents"),
        migrations.RunSQL(OWN_ROWS, "DROP FUNCTION members_document_of_organisation CASCADE"),
        migrations.RunSQL(CHILD_ROWS, "DROP FUNCTION members_document_of_child CASCADE"),
        migrations.RunSQL(
            VOCABULARY,
            "DROP FUNCTION members_document_of_theme CASCADE; DROP FUNCTION members_document_of_cluster CASCADE",
        ),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        *(migrations.RunSQL(statement, without(statement)) for statement in (*LOG, *SLUGS, *DATES)),
    ]

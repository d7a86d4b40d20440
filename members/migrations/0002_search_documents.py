"""The search documents, kept by triggers from an organisation and all that it is found by."""

from django.db import migrations

from cluster_portal.records.triggers import EVENTS, document_trigger, learn_words, without

# NULL refreshes every organisation: bulk loads disable the triggers and call this once. The words of themes,
# clusters and places are folded once each, not once for each organisation. From the sixth call of a session on,
# PostgreSQL 18 would take a plan for any rows, which reads whole tables for one organisation.
REFRESH = (
    """
CREATE FUNCTION members_refresh_documents(ids bigint[]) RETURNS void
LANGUAGE sql SET plan_cache_mode = force_custom_plan AS $$
INSERT INTO members_searchdocument (organisation_id, document, names)
WITH theme_words AS MATERIALIZED (
    SELECT theme.id, portal_fold(theme.name_fr || ' ' || coalesce(domain.name_fr, '')) AS french,
           portal_fold(theme.name_en || ' ' || coalesce(domain.name_en, '')) AS english
    FROM members_theme theme LEFT JOIN members_theme domain ON domain.id = theme.parent_id
    WHERE ids IS NULL
       OR theme.id IN (SELECT theme_id FROM members_organisation_themes WHERE organisation_id = ANY (ids))
), cluster_words AS MATERIALIZED (
    SELECT cluster.id, portal_fold(cluster.name || ' ' || cluster.acronym || ' ' || coalesce((
        SELECT string_agg(name, ' ' ORDER BY id) FROM members_clustername WHERE cluster_id = cluster.id
    ), '')) AS words
    FROM members_cluster cluster
    WHERE cluster.status = 'published'
      AND (ids IS NULL OR cluster.id IN (SELECT cluster_id FROM members_membership WHERE organisation_id = ANY (ids)))
), place_words AS MATERIALIZED (
    SELECT department.id, portal_fold(department.name || ' ' || region.name) AS words
    FROM members_department department JOIN members_region region ON region.id = department.region_id
    WHERE ids IS NULL
       OR department.id IN (SELECT department_id FROM members_site WHERE organisation_id = ANY (ids))
)
SELECT o.id,
       setweight(to_tsvector('simple', n.words) || to_tsvector('french', n.words)
                 || to_tsvector('english', n.words), 'A')
       || setweight(to_tsvector('simple', coalesce(c.words, ''))
                    || to_tsvector('french', coalesce(c.words, '') || ' ' || coalesce(t.french, ''))
                    || to_tsvector('english', coalesce(t.english, '')), 'B')
       || setweight(to_tsvector('french', portal_fold(o.description_fr))
                    || to_tsvector('english', portal_fold(o.description_en)), 'C')
       || setweight(to_tsvector('simple', coalesce(s.words, '') || ' ' || o.siren || ' ' || o.ror_id
                                          || ' ' || o.rnsr_id || ' ' || o.uai_code)
                    || to_tsvector('french', coalesce(s.words, '')), 'D'),
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
    SELECT string_agg(theme.french, ' ' ORDER BY theme.id) AS french,
           string_agg(theme.english, ' ' ORDER BY theme.id) AS english
    FROM members_organisation_themes link JOIN theme_words theme ON theme.id = link.theme_id
    WHERE link.organisation_id = o.id
) t
CROSS JOIN LATERAL (
    SELECT string_agg(cluster.words, ' ' ORDER BY membership.id) AS words
    FROM members_membership membership JOIN cluster_words cluster ON cluster.id = membership.cluster_id
    WHERE membership.organisation_id = o.id AND (membership.left_on IS NULL OR membership.left_on > current_date)
) c
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(site.city) || ' ' || place.words || ' ' || site.siret || ' ' || site.postcode,
                      ' ' ORDER BY site.id) AS words
    FROM members_site site JOIN place_words place ON place.id = site.department_id
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

# Themes, clusters and places: a change of their names, or of what is public, reaches whoever is found by them.
VOCABULARY = """
CREATE FUNCTION members_document_of_theme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE renamed bigint[]; touched bigint[];
BEGIN
    SELECT array_agg(changed.id) INTO renamed FROM changed JOIN former USING (id)
    WHERE (changed.name_fr, changed.name_en, changed.parent_id)
          IS DISTINCT FROM (former.name_fr, former.name_en, former.parent_id);
    SELECT array_agg(DISTINCT link.organisation_id) INTO touched
    FROM members_organisation_themes link JOIN members_theme theme ON theme.id = link.theme_id
    WHERE theme.id = ANY (renamed) OR theme.parent_id = ANY (renamed);
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION members_document_of_cluster() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE clusters bigint[]; touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'members_cluster' THEN
        SELECT array_agg(changed.id) INTO clusters FROM changed JOIN former USING (id)
        WHERE (changed.name, changed.acronym, changed.status)
              IS DISTINCT FROM (former.name, former.acronym, former.status);
    ELSIF TG_OP = 'UPDATE' THEN  -- a name may move from one cluster to another
        SELECT array_agg(cluster_id) INTO clusters
        FROM (SELECT cluster_id FROM changed UNION SELECT cluster_id FROM former) both_sides;
    ELSE
        SELECT array_agg(cluster_id) INTO clusters FROM changed;
    END IF;
    SELECT array_agg(DISTINCT organisation_id) INTO touched FROM members_membership WHERE cluster_id = ANY (clusters);
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION members_document_of_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'members_region' THEN
        SELECT array_agg(DISTINCT site.organisation_id) INTO touched
        FROM members_site site JOIN members_department department ON department.id = site.department_id
        WHERE department.region_id IN (
            SELECT changed.id FROM changed JOIN former USING (id) WHERE changed.name <> former.name
        );
    ELSE
        SELECT array_agg(DISTINCT organisation_id) INTO touched FROM members_site
        WHERE department_id IN (
            SELECT changed.id FROM changed JOIN former USING (id)
            WHERE (changed.name, changed.region_id) <> (former.name, former.region_id)
        );
    END IF;
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

EMPTIED = """
CREATE FUNCTION members_document_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM members_refresh_documents(NULL);
    RETURN NULL;
END $$;
"""

FUNCTIONS = {
    "members_refresh_documents": REFRESH,
    "members_document_of_organisation": OWN_ROWS,
    "members_document_of_child": CHILD_ROWS,
    "members_document_of_theme, members_document_of_cluster, members_document_of_place": VOCABULARY,
    "members_document_of_all": EMPTIED,
}
CHILDREN = ("members_organisationname", "members_organisation_themes", "members_site", "members_membership")
TRIGGERS = [
    *(document_trigger("members_organisation", "members_document_of_organisation", e) for e in ("INSERT", "UPDATE")),
    *(document_trigger(table, "members_document_of_child", event) for table in CHILDREN for event in EVENTS),
    document_trigger("members_theme", "members_document_of_theme", "UPDATE"),
    document_trigger("members_cluster", "members_document_of_cluster", "UPDATE"),
    *(document_trigger("members_clustername", "members_document_of_cluster", event) for event in EVENTS),
    document_trigger("members_region", "members_document_of_place", "UPDATE"),
    document_trigger("members_department", "members_document_of_place", "UPDATE"),
    *(
        f"CREATE TRIGGER {table}_document_truncate AFTER TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION members_document_of_all();"
        for table in (*CHILDREN, "members_clustername")
    ),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0001_directory")]
    operations = [
        *(migrations.RunSQL(definition, f"DROP FUNCTION {names}") for names, definition in FUNCTIONS.items()),
        *(migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS),
    ]

"""The search documents of projects, kept by triggers from a project and all that it is found by."""

from django.db import migrations

from cluster_portal.records.triggers import EVENTS, document_trigger, learn_words, without

# NULL refreshes every project: bulk loads disable the triggers and call this once. The plan is made for the
# rows that are given, as members' own is.
REFRESH = (
    """
CREATE FUNCTION projects_refresh_documents(ids bigint[]) RETURNS void
LANGUAGE sql SET plan_cache_mode = force_custom_plan AS $$
INSERT INTO projects_projectdocument (project_id, document, names)
SELECT p.id,
       setweight(to_tsvector('simple', portal_fold(p.acronym || ' ' || p.title_fr || ' ' || p.title_en))
                 || to_tsvector('french', portal_fold(p.title_fr))
                 || to_tsvector('english', portal_fold(p.title_en)), 'A')
       || setweight(to_tsvector('simple', coalesce(c.words, '') || ' ' || coalesce(f.words, ''))
                    || to_tsvector('french', coalesce(t.french, '') || ' ' || coalesce(c.words, '') || ' '
                                             || coalesce(f.words, ''))
                    || to_tsvector('english', coalesce(t.english, '')), 'B')
       || setweight(to_tsvector('french', portal_fold(p.summary_fr))
                    || to_tsvector('english', portal_fold(p.summary_en)), 'C')
       || setweight(to_tsvector('simple', coalesce(o.words, ''))
                    || to_tsvector('french', coalesce(o.words, '')), 'D'),
       '|' || concat_ws('|', nullif(portal_fold(p.acronym), ''), nullif(portal_fold(p.title_fr), ''),
                        nullif(portal_fold(p.title_en), '')) || '|'
FROM projects_project p
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(theme.name_fr || ' ' || coalesce(domain.name_fr, '')), ' ' ORDER BY theme.id) AS french,
           string_agg(portal_fold(theme.name_en || ' ' || coalesce(domain.name_en, '')), ' ' ORDER BY theme.id) AS english
    FROM projects_project_themes link
    JOIN members_theme theme ON theme.id = link.theme_id
    LEFT JOIN members_theme domain ON domain.id = theme.parent_id
    WHERE link.project_id = p.id
) t
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(cluster.name || ' ' || cluster.acronym || ' '
                                  || coalesce(others.names, '')), ' ' ORDER BY label.id) AS words
    FROM projects_projectlabel label
    JOIN members_cluster cluster ON cluster.id = label.cluster_id AND cluster.status = 'published'
    LEFT JOIN LATERAL (
        SELECT string_agg(name, ' ' ORDER BY id) AS names FROM members_clustername WHERE cluster_id = cluster.id
    ) others ON true
    WHERE label.project_id = p.id
) c
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(programme.name_fr || ' ' || programme.name_en || ' '
                                  || programme.acronym), ' ' ORDER BY funding.id) AS words
    FROM projects_funding funding
    JOIN projects_programme programme ON programme.id = funding.programme_id
    WHERE funding.project_id = p.id
) f
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(organisation.name || ' ' || organisation.acronym || ' '
                                  || coalesce(others.names, '')), ' ' ORDER BY participation.id) AS words
    FROM projects_participation participation
    JOIN members_organisation organisation
      ON organisation.id = participation.organisation_id AND organisation.status = 'published'
    LEFT JOIN LATERAL (
        SELECT string_agg(name, ' ' ORDER BY id) AS names FROM members_organisationname
        WHERE organisation_id = organisation.id
    ) others ON true
    WHERE participation.project_id = p.id
) o
WHERE ids IS NULL OR p.id = ANY (ids)
ON CONFLICT (project_id) DO UPDATE
    SET document = EXCLUDED.document, names = EXCLUDED.names
    WHERE (projects_projectdocument.document, projects_projectdocument.names)
          IS DISTINCT FROM (EXCLUDED.document, EXCLUDED.names);
"""
    + learn_words("""
            SELECT acronym || ' ' || title_fr || ' ' || title_en || ' ' || summary_fr || ' ' || summary_en
            FROM projects_project WHERE status = 'published' AND (ids IS NULL OR id = ANY (ids))
            UNION ALL
            SELECT name_fr || ' ' || name_en FROM projects_programme
""")
    + "$$;"
)

# The rows of a deleted project's children go too, and their triggers may have written its document anew.
OWN_ROWS = """
CREATE FUNCTION projects_document_of_project() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM projects_projectdocument WHERE project_id IN (SELECT id FROM changed);
        RETURN NULL;
    END IF;
    SELECT array_agg(id) INTO touched FROM changed;
    IF touched IS NOT NULL THEN PERFORM projects_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

# For the tables whose rows name a project. An update may move a row from one to another.
CHILD_ROWS = """
CREATE FUNCTION projects_document_of_child() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(DISTINCT project_id) INTO touched FROM (
            SELECT project_id FROM changed UNION SELECT project_id FROM former
        ) both_sides;
    ELSE
        SELECT array_agg(DISTINCT project_id) INTO touched FROM changed;
    END IF;
    IF touched IS NOT NULL THEN PERFORM projects_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

# Organisations and clusters change every day, their names and their publication hardly ever; a name may move
# from one to another.
PARTNERS = """
CREATE FUNCTION projects_document_of_organisation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE organisations bigint[]; touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'members_organisation' THEN
        SELECT array_agg(changed.id) INTO organisations FROM changed JOIN former USING (id)
        WHERE (changed.name, changed.acronym, changed.status)
              IS DISTINCT FROM (former.name, former.acronym, former.status);
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT array_agg(organisation_id) INTO organisations
        FROM (SELECT organisation_id FROM changed UNION SELECT organisation_id FROM former) both_sides;
    ELSE
        SELECT array_agg(organisation_id) INTO organisations FROM changed;
    END IF;
    SELECT array_agg(DISTINCT project_id) INTO touched FROM projects_participation
    WHERE organisation_id = ANY (organisations);
    IF touched IS NOT NULL THEN PERFORM projects_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION projects_document_of_cluster() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE clusters bigint[]; touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'members_cluster' THEN
        SELECT array_agg(changed.id) INTO clusters FROM changed JOIN former USING (id)
        WHERE (changed.name, changed.acronym, changed.status)
              IS DISTINCT FROM (former.name, former.acronym, former.status);
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT array_agg(cluster_id) INTO clusters
        FROM (SELECT cluster_id FROM changed UNION SELECT cluster_id FROM former) both_sides;
    ELSE
        SELECT array_agg(cluster_id) INTO clusters FROM changed;
    END IF;
    SELECT array_agg(DISTINCT project_id) INTO touched FROM projects_projectlabel WHERE cluster_id = ANY (clusters);
    IF touched IS NOT NULL THEN PERFORM projects_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

VOCABULARY = """
CREATE FUNCTION projects_document_of_theme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE renamed bigint[]; touched bigint[];
BEGIN
    SELECT array_agg(changed.id) INTO renamed FROM changed JOIN former USING (id)
    WHERE (changed.name_fr, changed.name_en, changed.parent_id)
          IS DISTINCT FROM (former.name_fr, former.name_en, former.parent_id);
    SELECT array_agg(DISTINCT link.project_id) INTO touched
    FROM projects_project_themes link JOIN members_theme theme ON theme.id = link.theme_id
    WHERE theme.id = ANY (renamed) OR theme.parent_id = ANY (renamed);
    IF touched IS NOT NULL THEN PERFORM projects_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION projects_document_of_programme() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT project_id) INTO touched FROM projects_funding
    WHERE programme_id IN (SELECT id FROM changed);
    IF touched IS NOT NULL THEN PERFORM projects_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

EMPTIED = """
CREATE FUNCTION projects_document_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_refresh_documents(NULL);
    RETURN NULL;
END $$;
"""

FUNCTIONS = {
    "projects_refresh_documents": REFRESH,
    "projects_document_of_project": OWN_ROWS,
    "projects_document_of_child": CHILD_ROWS,
    "projects_document_of_organisation, projects_document_of_cluster": PARTNERS,
    "projects_document_of_theme, projects_document_of_programme": VOCABULARY,
    "projects_document_of_all": EMPTIED,
}
CHILDREN = ("projects_participation", "projects_projectlabel", "projects_funding", "projects_project_themes")
NAMES = {
    "members_organisationname": "projects_document_of_organisation",
    "members_clustername": "projects_document_of_cluster",
}
TRIGGERS = [
    *(document_trigger("projects_project", "projects_document_of_project", event) for event in EVENTS),
    *(document_trigger(table, "projects_document_of_child", event) for table in CHILDREN for event in EVENTS),
    document_trigger("members_organisation", "projects_document_of_organisation", "UPDATE", of="project"),
    document_trigger("members_cluster", "projects_document_of_cluster", "UPDATE", of="project"),
    *(document_trigger(table, function, event, of="project") for table, function in NAMES.items() for event in EVENTS),
    document_trigger("members_theme", "projects_document_of_theme", "UPDATE", of="project"),
    document_trigger("projects_programme", "projects_document_of_programme", "UPDATE"),
    *(
        f"CREATE TRIGGER {table}_{of}document_truncate AFTER TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION projects_document_of_all();"
        for of, tables in (("", CHILDREN), ("project_", NAMES))
        for table in tables
    ),
]


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_projects"), ("members", "0002_search_documents")]
    operations = [
        *(migrations.RunSQL(definition, f"DROP FUNCTION {names}") for names, definition in FUNCTIONS.items()),
        *(migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS),
    ]

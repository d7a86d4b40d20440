"""Search documents of projects that stay true whatever is done to the rows, and suggestions from names alone.

Texts are put together in one order; a name may move from one organisation or cluster to another; a table
may be emptied at once.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from cluster_portal.triggers import document_trigger, learn_words, without

REFRESH = (
    """
CREATE OR REPLACE FUNCTION projects_refresh_documents(ids bigint[]) RETURNS void LANGUAGE sql AS $$
INSERT INTO projects_projectdocument (project_id, document, names)
SELECT p.id,
       setweight(to_tsvector('simple', portal_fold(p.acronym || ' ' || p.title_fr || ' ' || p.title_en))
                 || to_tsvector('french', portal_fold(p.title_fr))
                 || to_tsvector('english', portal_fold(p.title_en)), 'A')
       || setweight(to_tsvector('simple', coalesce(c.words, '') || ' ' || coalesce(f.words, ''))
                    || to_tsvector('french', coalesce(t.french, '') || ' ' || coalesce(f.words, ''))
                    || to_tsvector('english', coalesce(t.english, '')), 'B')
       || setweight(to_tsvector('french', portal_fold(p.summary_fr))
                    || to_tsvector('english', portal_fold(p.summary_en)), 'C')
       || setweight(to_tsvector('simple', coalesce(o.words, '')), 'D'),
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

MOVED_NAMES = """
CREATE FUNCTION projects_document_of_moved_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'members_organisationname' THEN
        SELECT array_agg(DISTINCT project_id) INTO touched FROM projects_participation
        WHERE organisation_id IN (SELECT organisation_id FROM changed UNION SELECT organisation_id FROM former);
    ELSE
        SELECT array_agg(DISTINCT project_id) INTO touched FROM projects_projectlabel
        WHERE cluster_id IN (SELECT cluster_id FROM changed UNION SELECT cluster_id FROM former);
    END IF;
    IF touched IS NOT NULL THEN PERFORM projects_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

EVERYTHING = """
CREATE FUNCTION projects_document_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM projects_refresh_documents(NULL);
    RETURN NULL;
END $$;
"""

EMPTIED = {
    "projects_participation": "", "projects_projectlabel": "", "projects_funding": "", "projects_project_themes": "",
    "members_organisationname": "project_", "members_clustername": "project_",
}
EMPTYING = [
    f"CREATE TRIGGER {table}_{of}document_truncate AFTER TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION projects_document_of_all();"
    for table, of in EMPTIED.items()
]
MOVES = [
    (
        without(document_trigger(table, before, "UPDATE", of="project"))
        + "; " + document_trigger(table, after, "UPDATE", of="project")
    )
    for table, before, after in (
        ("members_organisationname", "projects_document_of_organisation", "projects_document_of_moved_name"),
        ("members_organisationname", "projects_document_of_moved_name", "projects_document_of_organisation"),
        ("members_clustername", "projects_document_of_cluster", "projects_document_of_moved_name"),
        ("members_clustername", "projects_document_of_moved_name", "projects_document_of_cluster"),
    )
]


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_project_documents"), ("members", "0007_documents_kept_true")]
    operations = [
        migrations.RunSQL(REFRESH, migrations.RunSQL.noop),
        migrations.RunSQL(MOVED_NAMES, "DROP FUNCTION projects_document_of_moved_name"),
        migrations.RunSQL(EVERYTHING, "DROP FUNCTION projects_document_of_all"),
        *(migrations.RunSQL(statement, without(statement)) for statement in EMPTYING),
        migrations.RunSQL(MOVES[0], MOVES[1]),
        migrations.RunSQL(MOVES[2], MOVES[3]),
        migrations.RunSQL("SELECT projects_refresh_documents(NULL)", migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="projectdocument", name="projects_search_trigrams"),
        migrations.AddIndex(
            model_name="projectdocument",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("names", config="simple"), name="projects_search_names"
            ),
        ),
        migrations.AddIndex(
            model_name="projectdocument",
            index=models.Index(fields=["names"], opclasses=["text_pattern_ops"], name="projects_search_beginnings"),
        ),
    ]

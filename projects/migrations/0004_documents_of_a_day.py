"""Search documents name the clusters and programmes that labelled and funded a project by the day that they speak of."""

from importlib import import_module

from django.db import migrations

from cluster_portal.records.triggers import learn_words

before = import_module("projects.migrations.0002_project_documents")

# As before, but for labels and fundings.
REFRESH = (
    """
CREATE OR REPLACE FUNCTION projects_refresh_documents(ids bigint[]) RETURNS void
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
    WHERE label.project_id = p.id AND label.date <= (SELECT portal_day())
) c
CROSS JOIN LATERAL (
    SELECT string_agg(portal_fold(programme.name_fr || ' ' || programme.name_en || ' '
                                  || programme.acronym), ' ' ORDER BY funding.id) AS words
    FROM projects_funding funding
    JOIN projects_programme programme ON programme.id = funding.programme_id
    WHERE funding.project_id = p.id AND funding.date <= (SELECT portal_day())
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

NEXT_DAY = """
CREATE FUNCTION projects_documents_of_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE first date := least(OLD.day, NEW.day); last date := greatest(OLD.day, NEW.day); touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT project_id) INTO touched FROM (
        SELECT project_id FROM projects_projectlabel WHERE date > first AND date <= last
        UNION ALL
        SELECT project_id FROM projects_funding WHERE date > first AND date <= last
    ) turned;
    IF touched IS NOT NULL THEN PERFORM projects_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER portal_documentday_projects AFTER UPDATE ON portal_documentday
FOR EACH ROW EXECUTE FUNCTION projects_documents_of_day();
SELECT projects_refresh_documents(NULL);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_changes_followed"),
        ("members", "0005_documents_of_a_day"),
        ("portal", "0004_day_of_documents"),
    ]
    operations = [
        migrations.RunSQL(REFRESH, before.REFRESH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(NEXT_DAY, "DROP FUNCTION projects_documents_of_day CASCADE"),
    ]

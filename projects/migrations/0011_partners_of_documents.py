"""An organisation that changes its name or its state is looked up anew in the documents of its projects, and nothing else is:
a project's own words stand in them already, and reading them again took most of the time."""

from importlib import import_module

from django.db import migrations

before = import_module("projects.migrations.0002_project_documents").PARTNERS
# ts_filter leaves the words of the other weights at their places, after which the partners' come as they always do
REFRESH = """
CREATE FUNCTION projects_refresh_partners(ids bigint[]) RETURNS void
LANGUAGE sql SET plan_cache_mode = force_custom_plan AS $$
UPDATE projects_projectdocument SET document = anew.document
FROM (
    SELECT known.project_id,
           ts_filter(known.document, '{a,b,c}')
           || setweight(to_tsvector('simple', coalesce(o.words, ''))
                        || to_tsvector('french', coalesce(o.words, '')), 'D') AS document
    FROM projects_projectdocument known
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
        WHERE participation.project_id = known.project_id
    ) o
    WHERE known.project_id = ANY (ids)
) anew
WHERE projects_projectdocument.project_id = anew.project_id
  AND projects_projectdocument.document IS DISTINCT FROM anew.document;
$$;
"""
function, _cluster, _rest = before.partition("CREATE FUNCTION projects_document_of_cluster")
was = function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
becomes = was.replace("projects_refresh_documents(touched)", "projects_refresh_partners(touched)")
assert was != becomes


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_who_has_what_in_hand")]
    operations = [
        migrations.RunSQL(REFRESH, "DROP FUNCTION projects_refresh_partners(bigint[])"),
        migrations.RunSQL(becomes, was),
    ]

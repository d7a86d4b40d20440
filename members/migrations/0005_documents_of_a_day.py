"""Search documents name the clusters of which an organisation is a member on the day that they speak of."""

from importlib import import_module

from django.db import migrations

from cluster_portal.records.triggers import learn_words

before = import_module("members.migrations.0002_search_documents")

# As before, but for the clusters: the rule is that of Membership.objects.current.
REFRESH = (
    """
CREATE OR REPLACE FUNCTION members_refresh_documents(ids bigint[]) RETURNS void
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
    WHERE membership.organisation_id = o.id
      AND (membership.joined_on IS NULL OR membership.joined_on <= (SELECT portal_day()))
      AND (membership.left_on IS NULL OR membership.left_on > (SELECT portal_day()))
      AND (o.closed_on IS NULL OR o.closed_on > (SELECT portal_day()))
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

# What turned between the day before and the day after, forwards or backwards.
NEXT_DAY = """
CREATE FUNCTION members_documents_of_day() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE first date := least(OLD.day, NEW.day); last date := greatest(OLD.day, NEW.day); touched bigint[];
BEGIN
    SELECT array_agg(DISTINCT membership.organisation_id) INTO touched
    FROM members_membership membership JOIN members_organisation o ON o.id = membership.organisation_id
    WHERE (membership.joined_on > first AND membership.joined_on <= last)
       OR (membership.left_on > first AND membership.left_on <= last)
       OR (o.closed_on > first AND o.closed_on <= last);
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER portal_documentday_members AFTER UPDATE ON portal_documentday
FOR EACH ROW EXECUTE FUNCTION members_documents_of_day();
SELECT members_refresh_documents(NULL);
"""


class Migration(migrations.Migration):
    dependencies = [("members", "0004_themes_in_two_levels"), ("portal", "0004_day_of_documents")]
    operations = [
        migrations.RunSQL(REFRESH, before.REFRESH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(NEXT_DAY, "DROP FUNCTION members_documents_of_day CASCADE"),
    ]

"""Organisations are found by places known in part, by unit numbers, by all their official numbers, by those who supervise
them and by the address of their page; the region of a site follows from its department."""

from importlib import import_module

from django.db import migrations

from cluster_portal.records.triggers import EVENTS, document_trigger, log_triggers, without

before = import_module("members.migrations.0005_documents_of_a_day")
vocabulary = import_module("members.migrations.0002_search_documents").VOCABULARY

# What is said otherwise than before, piece by piece.
PIECES = [
    (
        """
    SELECT department.id, portal_fold(department.name || ' ' || region.name) AS words
    FROM members_department department JOIN members_region region ON region.id = department.region_id
    WHERE ids IS NULL
       OR department.id IN (SELECT department_id FROM members_site WHERE organisation_id = ANY (ids))
)""",
        """
    SELECT id, portal_fold(name) AS words FROM members_department
    WHERE ids IS NULL OR id IN (SELECT department_id FROM members_site WHERE organisation_id = ANY (ids))
), region_words AS MATERIALIZED (
    SELECT id, portal_fold(name) AS words FROM members_region
), body_words AS MATERIALIZED (
    SELECT id, portal_fold(name || ' ' || acronym) AS words FROM members_organisation
    WHERE status = 'published' AND id IN (
        SELECT to_organisation_id FROM members_organisation_supervisors
        WHERE ids IS NULL OR from_organisation_id = ANY (ids)
    )
)""",
    ),
    (
        """to_tsvector('simple', n.words) ||""",
        """to_tsvector('simple', n.words || coalesce(' ' || u.words, '')) ||""",
    ),
    (
        """to_tsvector('simple', coalesce(c.words, ''))""",
        """to_tsvector('simple', coalesce(c.words, '') || coalesce(' ' || b.words, ''))""",
    ),
    (
        """to_tsvector('french', coalesce(c.words, '') || ' '""",
        """to_tsvector('french', coalesce(c.words, '') || coalesce(' ' || b.words, '') || ' '""",
    ),
    (
        """|| o.rnsr_id || ' ' || o.uai_code)""",
        """|| o.rnsr_id || ' ' || o.uai_code || coalesce(' ' || f.words, '')
                                          || ' page' || replace(o.slug, '-', ''))""",
    ),
    (
        """coalesce(n.others || '|', '')
FROM""",
        """coalesce(n.others || '|', '') || coalesce(u.names || '|', '')
FROM""",
    ),
    (
        """
    SELECT string_agg(portal_fold(site.city) || ' ' || place.words || ' ' || site.siret || ' ' || site.postcode,
                      ' ' ORDER BY site.id) AS words
    FROM members_site site JOIN place_words place ON place.id = site.department_id
    WHERE site.organisation_id = o.id
) s""",
        """
    SELECT string_agg(concat_ws(' ', portal_fold(site.city), place.words, region.words, site.siret, site.postcode),
                      ' ' ORDER BY site.id) AS words
    FROM members_site site
    LEFT JOIN place_words place ON place.id = site.department_id
    LEFT JOIN region_words region ON region.id = site.region_id
    WHERE site.organisation_id = o.id
) s
CROSS JOIN LATERAL (  -- UMR_S 1144 is “umr s 1144”, “umrs1144”, “umr1144” and “s1144” too
    SELECT string_agg(concat_ws(' ', label || ' ' || number, replace(label, ' ', '') || number,
                                CASE WHEN strpos(label, ' ') > 0 THEN
                                    split_part(label, ' ', 1) || number || ' ' || split_part(label, ' ', 2) || number
                                END), ' ' ORDER BY id) AS words,
           string_agg(label || ' ' || number || '|' || replace(label, ' ', '') || number, '|' ORDER BY id) AS names
    FROM (
        SELECT id, portal_fold(label) AS label, lower(number) AS number FROM members_unitnumber
        WHERE organisation_id = o.id
    ) folded
) u
CROSS JOIN LATERAL (
    SELECT string_agg(value, ' ' ORDER BY id) AS words FROM members_furthernumber WHERE organisation_id = o.id
) f
CROSS JOIN LATERAL (
    SELECT string_agg(body.words, ' ' ORDER BY body.id) AS words
    FROM members_organisation_supervisors link JOIN body_words body ON body.id = link.to_organisation_id
    WHERE link.from_organisation_id = o.id
) b""",
    ),
]


def patched(text: str) -> str:
    for old, new in PIECES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


SUPERVISED = """
CREATE FUNCTION members_document_of_supervised() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'members_organisation' THEN
        SELECT array_agg(DISTINCT link.from_organisation_id) INTO touched
        FROM members_organisation_supervisors link JOIN changed ON changed.id = link.to_organisation_id
        JOIN former ON former.id = changed.id
        WHERE (changed.name, changed.acronym, changed.status)
              IS DISTINCT FROM (former.name, former.acronym, former.status);
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT array_agg(from_organisation_id) INTO touched FROM (
            SELECT from_organisation_id FROM changed UNION SELECT from_organisation_id FROM former
        ) both_sides;
    ELSE
        SELECT array_agg(DISTINCT from_organisation_id) INTO touched FROM changed;
    END IF;
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

# A region that is renamed; that of a site changes with the site.
PLACE = """
CREATE OR REPLACE FUNCTION members_document_of_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_TABLE_NAME = 'members_region' THEN
        SELECT array_agg(DISTINCT organisation_id) INTO touched FROM members_site
        WHERE region_id IN (SELECT changed.id FROM changed JOIN former USING (id) WHERE changed.name <> former.name);
    ELSE
        SELECT array_agg(DISTINCT organisation_id) INTO touched FROM members_site
        WHERE department_id IN (SELECT changed.id FROM changed JOIN former USING (id) WHERE changed.name <> former.name);
    END IF;
    IF touched IS NOT NULL THEN PERFORM members_refresh_documents(touched); END IF;
    RETURN NULL;
END $$;
"""

REGION_OF_SITE = """
CREATE FUNCTION members_region_of_site() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.region_id := (SELECT region_id FROM members_department WHERE id = NEW.department_id);
    RETURN NEW;
END $$;
CREATE TRIGGER members_site_region BEFORE INSERT OR UPDATE OF department_id, region_id ON members_site
FOR EACH ROW WHEN (NEW.department_id IS NOT NULL) EXECUTE FUNCTION members_region_of_site();
CREATE FUNCTION members_region_of_sites() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE members_site SET region_id = NEW.region_id WHERE department_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER members_department_region AFTER UPDATE OF region_id ON members_department
FOR EACH ROW WHEN (OLD.region_id IS DISTINCT FROM NEW.region_id) EXECUTE FUNCTION members_region_of_sites();
"""
WITHOUT_REGION_OF_SITE = """
DROP TRIGGER members_site_region ON members_site;
DROP TRIGGER members_department_region ON members_department;
DROP FUNCTION members_region_of_site, members_region_of_sites;
"""

NUMBERS = ("members_unitnumber", "members_furthernumber")
TRIGGERS = [
    *(document_trigger(table, "members_document_of_child", event) for table in NUMBERS for event in EVENTS),
    *(
        document_trigger("members_organisation_supervisors", "members_document_of_supervised", event)
        for event in EVENTS
    ),
    document_trigger("members_organisation", "members_document_of_supervised", "UPDATE", of="supervised"),
    *(
        f"CREATE TRIGGER {table}_document_truncate AFTER TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION members_document_of_all();"
        for table in (*NUMBERS, "members_organisation_supervisors")
    ),
    *log_triggers(dict.fromkeys(NUMBERS, ("organisation_id",))),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0008_places_known_in_part")]
    operations = [
        migrations.RunSQL(REGION_OF_SITE, WITHOUT_REGION_OF_SITE),
        migrations.RunSQL("UPDATE members_site SET region_id = NULL", ""),
        migrations.RunSQL(patched(before.REFRESH), before.REFRESH),
        migrations.RunSQL(PLACE, vocabulary.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(SUPERVISED, "DROP FUNCTION members_document_of_supervised"),
        *(migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS),
        migrations.RunSQL("SELECT members_refresh_documents(NULL)", ""),
    ]

"""The clusters and the supervising bodies of many organisations are gathered in one pass over each table: looked up for every
organisation by itself, the first went through the index of an exclusion constraint, the second over all bodies each time."""

from importlib import import_module

from django.db import migrations



documents = import_module("members.migrations.0005_documents_of_a_day")
before = import_module("members.migrations.0009_found_by_more").patched(documents.REFRESH)

PIECES = [
    (
        """
        WHERE ids IS NULL OR from_organisation_id = ANY (ids)
    )
)
SELECT o.id,""",
        """
        WHERE ids IS NULL OR from_organisation_id = ANY (ids)
    )
), words_of_clusters AS MATERIALIZED (
    SELECT membership.organisation_id AS id, string_agg(cluster.words, ' ' ORDER BY membership.id) AS words
    FROM members_membership membership JOIN cluster_words cluster ON cluster.id = membership.cluster_id
    WHERE (ids IS NULL OR membership.organisation_id = ANY (ids))
      AND (membership.joined_on IS NULL OR membership.joined_on <= (SELECT portal_day()))
      AND (membership.left_on IS NULL OR membership.left_on > (SELECT portal_day()))
    GROUP BY membership.organisation_id
), words_of_bodies AS MATERIALIZED (
    SELECT link.from_organisation_id AS id, string_agg(body.words, ' ' ORDER BY body.id) AS words
    FROM members_organisation_supervisors link JOIN body_words body ON body.id = link.to_organisation_id
    WHERE ids IS NULL OR link.from_organisation_id = ANY (ids)
    GROUP BY link.from_organisation_id
)
SELECT o.id,""",
    ),
    (
        """
CROSS JOIN LATERAL (
    SELECT string_agg(cluster.words, ' ' ORDER BY membership.id) AS words
    FROM members_membership membership JOIN cluster_words cluster ON cluster.id = membership.cluster_id
    WHERE membership.organisation_id = o.id
      AND (membership.joined_on IS NULL OR membership.joined_on <= (SELECT portal_day()))
      AND (membership.left_on IS NULL OR membership.left_on > (SELECT portal_day()))
      AND (o.closed_on IS NULL OR o.closed_on > (SELECT portal_day()))
) c""",
        """
LEFT JOIN words_of_clusters c ON c.id = o.id AND (o.closed_on IS NULL OR o.closed_on > (SELECT portal_day()))""",
    ),
    (
        """
CROSS JOIN LATERAL (
    SELECT string_agg(body.words, ' ' ORDER BY body.id) AS words
    FROM members_organisation_supervisors link JOIN body_words body ON body.id = link.to_organisation_id
    WHERE link.from_organisation_id = o.id
) b""",
        """
LEFT JOIN words_of_bodies b ON b.id = o.id""",
    ),
]


def patched(text: str) -> str:
    for old, new in PIECES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


class Migration(migrations.Migration):
    dependencies = [("members", "0015_history")]
    operations = [migrations.RunSQL(patched(before), before)]

"""Members in the log of changes, with slugs that keep leading and dates that move with a change only."""

from django.db import migrations

from cluster_portal.records.triggers import log_triggers, slug_trigger, touch_trigger, without

# What the pages of members are made from, and whose rows they are.
LOGGED = {
    "members_region": ("id",),
    "members_department": ("id",),
    "members_theme": ("id",),
    "members_cluster": ("id",),
    "members_clustername": ("cluster_id",),
    "members_clusterregion": ("cluster_id",),
    "members_cluster_themes": ("cluster_id",),
    "members_labelperiod": ("cluster_id",),
    "members_succession": ("predecessor_id", "successor_id"),
    "members_organisation": ("id",),
    "members_organisation_themes": ("organisation_id",),
    "members_organisation_supervisors": ("from_organisation_id", "to_organisation_id"),
    "members_site": ("organisation_id",),
    "members_membership": ("organisation_id",),
    "members_organisationname": ("organisation_id",),
    "members_contactperson": ("organisation_id",),
}
TRIGGERS = [
    *log_triggers(LOGGED),
    *(slug_trigger("members", model) for model in ("organisation", "cluster", "theme", "region")),
    touch_trigger("members", "organisation", "sort_name"),
    touch_trigger("members", "cluster", "sort_name"),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0002_search_documents"), ("portal", "0003_log_of_changes")]
    operations = [migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS]

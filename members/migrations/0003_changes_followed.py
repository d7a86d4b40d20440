"""Members in the log of changes, with slugs that keep leading and dates that move with a change only."""

from django.db import migrations

from cluster_portal.records.triggers import log_triggers, slug_trigger, touch_trigger, without

# What the pages of members are made from.
LOGGED = (
    "members_region", "members_department", "members_theme",
    "members_cluster", "members_clustername", "members_clusterregion", "members_cluster_themes",
    "members_labelperiod", "members_succession",
    "members_organisation", "members_organisation_themes", "members_organisation_supervisors", "members_site", "members_membership",
    "members_organisationname", "members_contactperson",
)  # fmt: skip
TRIGGERS = [
    *log_triggers(LOGGED),
    *(slug_trigger("members", model) for model in ("organisation", "cluster", "theme", "region")),
    touch_trigger("members", "organisation", "sort_name"),
    touch_trigger("members", "cluster", "sort_name"),
]


class Migration(migrations.Migration):
    dependencies = [("members", "0002_search_documents"), ("portal", "0003_log_of_changes")]
    operations = [migrations.RunSQL(statement, without(statement)) for statement in TRIGGERS]

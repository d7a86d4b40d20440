"""The facts of clusters are held in the member index too: log the tables that they come from."""

from django.db import migrations

from cluster_portal.triggers import log_triggers, without

LOGGED = ("members_clusterregion", "members_cluster_themes", "members_labelperiod", "members_succession")


class Migration(migrations.Migration):
    dependencies = [("members", "0004_demo_index")]
    operations = [migrations.RunSQL(statement, without(statement)) for statement in log_triggers(LOGGED)]

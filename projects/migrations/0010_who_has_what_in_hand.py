"""Who has a project in hand (docs/decisions/0021)."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# At first whoever made it has it in hand. No trigger: nothing of what was changed is news to anybody.
AUTHORS = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE projects_project DISABLE TRIGGER USER;
UPDATE projects_project SET assigned_to_id = created_by_id WHERE created_by_id IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE projects_project ENABLE TRIGGER USER;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0009_history'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='project',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='project',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='project',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='project',
            name='assigned_to',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='assigned_to',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.RunSQL(AUTHORS, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("acronym", "archived_on", "assigned_to_id", "created_at", "created_by_id", "end", "id", "is_demo", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_funding", "slug", "start", "stated", "stated_on", "stated_reason", "status", "summary_en", "summary_fr", "title_en", "title_fr", "total_cost", "website") SELECT new_values."acronym", new_values."archived_on", new_values."assigned_to_id", new_values."created_at", new_values."created_by_id", new_values."end", new_values."id", new_values."is_demo", new_values."national", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."public_funding", new_values."slug", new_values."start", new_values."stated", new_values."stated_on", new_values."stated_reason", new_values."status", new_values."summary_en", new_values."summary_fr", new_values."title_en", new_values."title_fr", new_values."total_cost", new_values."website" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='842f13e1d4df324f531f07cf75fd08d3ff046e50', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2e147', referencing='REFERENCING NEW TABLE AS new_values ', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("acronym", "archived_on", "assigned_to_id", "created_at", "created_by_id", "end", "id", "is_demo", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_funding", "slug", "start", "stated", "stated_on", "stated_reason", "status", "summary_en", "summary_fr", "title_en", "title_fr", "total_cost", "website") SELECT old_values."acronym", old_values."archived_on", old_values."assigned_to_id", old_values."created_at", old_values."created_by_id", old_values."end", old_values."id", old_values."is_demo", old_values."national", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."public_funding", old_values."slug", old_values."start", old_values."stated", old_values."stated_on", old_values."stated_reason", old_values."status", old_values."summary_en", old_values."summary_fr", old_values."title_en", old_values."title_fr", old_values."total_cost", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."assigned_to_id" IS DISTINCT FROM (new_values."assigned_to_id") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."end" IS DISTINCT FROM (new_values."end") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_demo" IS DISTINCT FROM (new_values."is_demo") OR old_values."national" IS DISTINCT FROM (new_values."national") OR old_values."public_funding" IS DISTINCT FROM (new_values."public_funding") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."start" IS DISTINCT FROM (new_values."start") OR old_values."stated" IS DISTINCT FROM (new_values."stated") OR old_values."stated_on" IS DISTINCT FROM (new_values."stated_on") OR old_values."stated_reason" IS DISTINCT FROM (new_values."stated_reason") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."summary_en" IS DISTINCT FROM (new_values."summary_en") OR old_values."summary_fr" IS DISTINCT FROM (new_values."summary_fr") OR old_values."title_en" IS DISTINCT FROM (new_values."title_en") OR old_values."title_fr" IS DISTINCT FROM (new_values."title_fr") OR old_values."total_cost" IS DISTINCT FROM (new_values."total_cost") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("acronym", "archived_on", "assigned_to_id", "created_at", "created_by_id", "end", "id", "is_demo", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_funding", "slug", "start", "stated", "stated_on", "stated_reason", "status", "summary_en", "summary_fr", "title_en", "title_fr", "total_cost", "website") SELECT new_values."acronym", new_values."archived_on", new_values."assigned_to_id", new_values."created_at", new_values."created_by_id", new_values."end", new_values."id", new_values."is_demo", new_values."national", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."public_funding", new_values."slug", new_values."start", new_values."stated", new_values."stated_on", new_values."stated_reason", new_values."status", new_values."summary_en", new_values."summary_fr", new_values."title_en", new_values."title_fr", new_values."total_cost", new_values."website" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."assigned_to_id" IS DISTINCT FROM (new_values."assigned_to_id") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."end" IS DISTINCT FROM (new_values."end") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_demo" IS DISTINCT FROM (new_values."is_demo") OR old_values."national" IS DISTINCT FROM (new_values."national") OR old_values."public_funding" IS DISTINCT FROM (new_values."public_funding") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."start" IS DISTINCT FROM (new_values."start") OR old_values."stated" IS DISTINCT FROM (new_values."stated") OR old_values."stated_on" IS DISTINCT FROM (new_values."stated_on") OR old_values."stated_reason" IS DISTINCT FROM (new_values."stated_reason") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."summary_en" IS DISTINCT FROM (new_values."summary_en") OR old_values."summary_fr" IS DISTINCT FROM (new_values."summary_fr") OR old_values."title_en" IS DISTINCT FROM (new_values."title_en") OR old_values."title_fr" IS DISTINCT FROM (new_values."title_fr") OR old_values."total_cost" IS DISTINCT FROM (new_values."total_cost") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='f4b85e46a87de6a2a7d2f7f97d56da4dbc161b8a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_804c3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("acronym", "archived_on", "assigned_to_id", "created_at", "created_by_id", "end", "id", "is_demo", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_funding", "slug", "start", "stated", "stated_on", "stated_reason", "status", "summary_en", "summary_fr", "title_en", "title_fr", "total_cost", "website") SELECT old_values."acronym", old_values."archived_on", old_values."assigned_to_id", old_values."created_at", old_values."created_by_id", old_values."end", old_values."id", old_values."is_demo", old_values."national", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."public_funding", old_values."slug", old_values."start", old_values."stated", old_values."stated_on", old_values."stated_reason", old_values."status", old_values."summary_en", old_values."summary_fr", old_values."title_en", old_values."title_fr", old_values."total_cost", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='fc0c7b68209b371a996b6c5b87967aeabbf44ac4', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2192f', referencing='REFERENCING OLD TABLE AS old_values ', table='projects_project', when='AFTER')),
        ),
    ]

"""What was changed in the portal’s texts, by whom and how; and what change sets are found by."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from cluster_portal.records.triggers import only_added_to


EVENTS = [
    'portal_pageevent',
]


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('portal', '0014_everybody_signs_in_anew'),
    ]

    operations = [
        migrations.CreateModel(
            name='PageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.SlugField(db_index=False, help_text='Names the place where the text appears; do not change it.', max_length=60, verbose_name='key')),
                ('title_fr', models.CharField(max_length=150, verbose_name='title in French')),
                ('title_en', models.CharField(blank=True, max_length=150, verbose_name='title in English')),
                ('standfirst_fr', models.TextField(blank=True, verbose_name='opening sentence in French')),
                ('standfirst_en', models.TextField(blank=True, verbose_name='opening sentence in English')),
                ('body_fr', models.TextField(blank=True, verbose_name='text in French (Markdown)')),
                ('body_en', models.TextField(blank=True, verbose_name='text in English (Markdown)')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portal_pageevent" ("body_en", "body_fr", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standfirst_en", "standfirst_fr", "title_en", "title_fr") SELECT new_values."body_en", new_values."body_fr", new_values."id", new_values."key", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."standfirst_en", new_values."standfirst_fr", new_values."title_en", new_values."title_fr" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fdcfd2bd5ca8ccdd5923803f0149bdbce63e3fa5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_dd7c6', referencing='REFERENCING NEW TABLE AS new_values ', table='portal_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portal_pageevent" ("body_en", "body_fr", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standfirst_en", "standfirst_fr", "title_en", "title_fr") SELECT old_values."body_en", old_values."body_fr", old_values."id", old_values."key", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."standfirst_en", old_values."standfirst_fr", old_values."title_en", old_values."title_fr" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."body_en" IS DISTINCT FROM (new_values."body_en") OR old_values."body_fr" IS DISTINCT FROM (new_values."body_fr") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."key" IS DISTINCT FROM (new_values."key") OR old_values."standfirst_en" IS DISTINCT FROM (new_values."standfirst_en") OR old_values."standfirst_fr" IS DISTINCT FROM (new_values."standfirst_fr") OR old_values."title_en" IS DISTINCT FROM (new_values."title_en") OR old_values."title_fr" IS DISTINCT FROM (new_values."title_fr")) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portal_pageevent" ("body_en", "body_fr", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standfirst_en", "standfirst_fr", "title_en", "title_fr") SELECT new_values."body_en", new_values."body_fr", new_values."id", new_values."key", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."standfirst_en", new_values."standfirst_fr", new_values."title_en", new_values."title_fr" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."body_en" IS DISTINCT FROM (new_values."body_en") OR old_values."body_fr" IS DISTINCT FROM (new_values."body_fr") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."key" IS DISTINCT FROM (new_values."key") OR old_values."standfirst_en" IS DISTINCT FROM (new_values."standfirst_en") OR old_values."standfirst_fr" IS DISTINCT FROM (new_values."standfirst_fr") OR old_values."title_en" IS DISTINCT FROM (new_values."title_en") OR old_values."title_fr" IS DISTINCT FROM (new_values."title_fr")) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='8e630042968f872343327c2e2c1403034d2e6cbb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a2933', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='portal_page', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='page',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "portal_pageevent" ("body_en", "body_fr", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "standfirst_en", "standfirst_fr", "title_en", "title_fr") SELECT old_values."body_en", old_values."body_fr", old_values."id", old_values."key", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."standfirst_en", old_values."standfirst_fr", old_values."title_en", old_values."title_fr" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c876e156cb7f2c4a3a897240989ba33b435de683', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_b2231', referencing='REFERENCING OLD TABLE AS old_values ', table='portal_page', when='AFTER')),
        ),
        migrations.AddField(
            model_name='pageevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='pageevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='portal.page'),
        ),
        migrations.AddIndex(
            model_name='pageevent',
            index=models.Index(fields=['pgh_created_at'], name='page_ev_when'),
        ),
        migrations.AddIndex(
            model_name='pageevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='page_ev_unknown'),
        ),
        migrations.RunSQL(only_added_to(*EVENTS), migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE INDEX portal_change_set_when ON pghistory_context (created_at);"
            "CREATE INDEX portal_change_set_who ON pghistory_context ((metadata->>'user'), created_at);"
            "CREATE INDEX portal_change_set_how ON pghistory_context ((metadata->>'kind'), created_at);",
            "DROP INDEX portal_change_set_when; DROP INDEX portal_change_set_who; DROP INDEX portal_change_set_how",
        ),
    ]

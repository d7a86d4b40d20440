"""What was changed in projects, by whom and how (docs/decisions/0019)."""

import cluster_portal.records.websites
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from cluster_portal.records.triggers import only_added_to


EVENTS = [
    'projects_declaredfigureevent',
    'projects_fundingevent',
    'projects_outcomeevent',
    'projects_participationevent',
    'projects_projectevent',
    'projects_projectlabelevent',
    'projects_projectthemesevent',
]


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0015_history'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('projects', '0008_documents_only_of_other_partners'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeclaredFigureEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('indicator', models.CharField(choices=[('clusters', 'Labelled clusters'), ('members', 'Members'), ('companies', 'Member companies'), ('laboratories', 'Laboratories and institutions'), ('labelled', 'Labelled projects'), ('funded', 'Funded projects'), ('investment', 'Investment in projects'), ('public', 'Public funding of projects'), ('leverage', 'Private euros for one public euro')], max_length=12, verbose_name='indicator')),
                ('value', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='value')),
                ('unit', models.CharField(choices=[('count', 'number'), ('euro', 'euros'), ('ratio', 'euros for one euro')], default='count', max_length=5, verbose_name='unit')),
                ('year', models.PositiveSmallIntegerField(blank=True, help_text='Blank when the source does not say.', null=True, validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                ('source', models.CharField(max_length=250, verbose_name='source')),
                ('link', models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='link')),
                ('note_fr', models.CharField(blank=True, max_length=250, verbose_name='what it counts, in French')),
                ('note_en', models.CharField(blank=True, max_length=250, verbose_name='what it counts, in English')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FundingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='amount')),
                ('date', models.DateField(verbose_name='decided on')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OutcomeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('product', 'Product'), ('service', 'Service'), ('process', 'Process'), ('patent', 'Patent'), ('publication', 'Publication'), ('start_up', 'Start-up')], max_length=11, verbose_name='kind')),
                ('title_fr', models.CharField(max_length=250, verbose_name='title in French')),
                ('title_en', models.CharField(blank=True, max_length=250, verbose_name='title in English')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                ('link', models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='link')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ParticipationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('coordinator', 'Coordinator'), ('partner', 'Partner')], default='partner', max_length=11, verbose_name='role')),
                ('cost', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='cost')),
                ('public_funding', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='public funding')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ProjectEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('archived', 'Archived')], default='draft', max_length=10, verbose_name='status')),
                ('archived_on', models.DateField(blank=True, null=True, verbose_name='archived on')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('acronym', models.CharField(blank=True, max_length=60, verbose_name='acronym')),
                ('title_fr', models.CharField(blank=True, max_length=250, verbose_name='title in French')),
                ('title_en', models.CharField(blank=True, max_length=250, verbose_name='title in English')),
                ('slug', models.SlugField(db_index=False, max_length=120, verbose_name='slug')),
                ('summary_fr', models.TextField(blank=True, verbose_name='summary in French')),
                ('summary_en', models.TextField(blank=True, verbose_name='summary in English')),
                ('start', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('end', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('website', models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='official page')),
                ('national', models.BooleanField(default=False, help_text='It is then found in every region, and its page says so.', verbose_name='works nationwide')),
                ('total_cost', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='total cost')),
                ('public_funding', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='public funding')),
                ('stated', models.CharField(blank=True, choices=[('planned', 'In preparation'), ('labelled', 'Labelled'), ('funded', 'Funded'), ('running', 'Running'), ('finished', 'Finished'), ('abandoned', 'Abandoned')], max_length=9, verbose_name='state, if not the one that the dates say')),
                ('stated_on', models.DateField(blank=True, null=True, verbose_name='in that state since')),
                ('stated_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='invented (demo network)')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ProjectLabelEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('lead', 'Lead cluster'), ('co', 'Co-labelling cluster')], default='lead', max_length=4, verbose_name='role')),
                ('date', models.DateField(verbose_name='labelled on')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ProjectThemesEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ProjectThemes',
            fields=[
            ],
            options={
                'ordering': ['pk'],
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('projects.project_themes',),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaredfigure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_declaredfigureevent" ("cluster_id", "id", "indicator", "link", "note_en", "note_fr", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "theme_id", "unit", "value", "year") SELECT new_values."cluster_id", new_values."id", new_values."indicator", new_values."link", new_values."note_en", new_values."note_fr", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."region_id", new_values."source", new_values."theme_id", new_values."unit", new_values."value", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='75079a73daa95659ff6d491bf36b96881c590e33', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_19323', referencing='REFERENCING NEW TABLE AS new_values ', table='projects_declaredfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaredfigure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_declaredfigureevent" ("cluster_id", "id", "indicator", "link", "note_en", "note_fr", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "theme_id", "unit", "value", "year") SELECT old_values."cluster_id", old_values."id", old_values."indicator", old_values."link", old_values."note_en", old_values."note_fr", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."region_id", old_values."source", old_values."theme_id", old_values."unit", old_values."value", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_declaredfigureevent" ("cluster_id", "id", "indicator", "link", "note_en", "note_fr", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "theme_id", "unit", "value", "year") SELECT new_values."cluster_id", new_values."id", new_values."indicator", new_values."link", new_values."note_en", new_values."note_fr", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."region_id", new_values."source", new_values."theme_id", new_values."unit", new_values."value", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='89b2887a9f05d218980dd3c0476734607b250c21', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_533ac', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='projects_declaredfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaredfigure',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_declaredfigureevent" ("cluster_id", "id", "indicator", "link", "note_en", "note_fr", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region_id", "source", "theme_id", "unit", "value", "year") SELECT old_values."cluster_id", old_values."id", old_values."indicator", old_values."link", old_values."note_en", old_values."note_fr", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."region_id", old_values."source", old_values."theme_id", old_values."unit", old_values."value", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a0c76ad7cd4400b15d9d4452f40d9a293223d0bc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_75a52', referencing='REFERENCING OLD TABLE AS old_values ', table='projects_declaredfigure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='funding',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_fundingevent" ("amount", "date", "funder_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "project_id") SELECT new_values."amount", new_values."date", new_values."funder_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."programme_id", new_values."project_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='efc8862e19db492472ed49237d0b5347ce567b54', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d6d2b', referencing='REFERENCING NEW TABLE AS new_values ', table='projects_funding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='funding',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_fundingevent" ("amount", "date", "funder_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "project_id") SELECT old_values."amount", old_values."date", old_values."funder_id", old_values."id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."programme_id", old_values."project_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_fundingevent" ("amount", "date", "funder_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "project_id") SELECT new_values."amount", new_values."date", new_values."funder_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."programme_id", new_values."project_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='a508d268e3ffbb28ca45f0fd3e90dd608a9e2266', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_63b60', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='projects_funding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='funding',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_fundingevent" ("amount", "date", "funder_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "project_id") SELECT old_values."amount", old_values."date", old_values."funder_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."programme_id", old_values."project_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='09996c06917cd78c8f5ce9d8655074165bda1178', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7310e', referencing='REFERENCING OLD TABLE AS old_values ', table='projects_funding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcome',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_outcomeevent" ("id", "kind", "link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "title_en", "title_fr", "year") SELECT new_values."id", new_values."kind", new_values."link", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."project_id", new_values."title_en", new_values."title_fr", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='80566c2fecd92649f5d34e6f1eea559a6c2672b8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_311ab', referencing='REFERENCING NEW TABLE AS new_values ', table='projects_outcome', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcome',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_outcomeevent" ("id", "kind", "link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "title_en", "title_fr", "year") SELECT old_values."id", old_values."kind", old_values."link", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."project_id", old_values."title_en", old_values."title_fr", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_outcomeevent" ("id", "kind", "link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "title_en", "title_fr", "year") SELECT new_values."id", new_values."kind", new_values."link", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."project_id", new_values."title_en", new_values."title_fr", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='2552436752944a36281ba4a6a0e992235580fbfe', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e2b2b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='projects_outcome', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='outcome',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_outcomeevent" ("id", "kind", "link", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "title_en", "title_fr", "year") SELECT old_values."id", old_values."kind", old_values."link", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."project_id", old_values."title_en", old_values."title_fr", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c7843d896f682b1593a88f0b9403671d119fca34', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_25ea3', referencing='REFERENCING OLD TABLE AS old_values ', table='projects_outcome', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_participationevent" ("cost", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_funding", "role") SELECT new_values."cost", new_values."id", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."project_id", new_values."public_funding", new_values."role" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d565599409947554cf86b24072bdbc942fdf25ae', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9d32a', referencing='REFERENCING NEW TABLE AS new_values ', table='projects_participation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_participationevent" ("cost", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_funding", "role") SELECT old_values."cost", old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."project_id", old_values."public_funding", old_values."role" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_participationevent" ("cost", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_funding", "role") SELECT new_values."cost", new_values."id", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."project_id", new_values."public_funding", new_values."role" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='cce972c1a6df11a8225673f4501106649c11e774', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ee07f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='projects_participation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_participationevent" ("cost", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "public_funding", "role") SELECT old_values."cost", old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."project_id", old_values."public_funding", old_values."role" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e0fa56ba11856aa58898a88be5151604b74cc611', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_4ffa2', referencing='REFERENCING OLD TABLE AS old_values ', table='projects_participation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("acronym", "archived_on", "created_at", "created_by_id", "end", "id", "is_demo", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_funding", "slug", "start", "stated", "stated_on", "stated_reason", "status", "summary_en", "summary_fr", "title_en", "title_fr", "total_cost", "website") SELECT new_values."acronym", new_values."archived_on", new_values."created_at", new_values."created_by_id", new_values."end", new_values."id", new_values."is_demo", new_values."national", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."public_funding", new_values."slug", new_values."start", new_values."stated", new_values."stated_on", new_values."stated_reason", new_values."status", new_values."summary_en", new_values."summary_fr", new_values."title_en", new_values."title_fr", new_values."total_cost", new_values."website" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='06c5c74a5c3a85e2a2f845f59bf19d132c3721ad', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2e147', referencing='REFERENCING NEW TABLE AS new_values ', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("acronym", "archived_on", "created_at", "created_by_id", "end", "id", "is_demo", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_funding", "slug", "start", "stated", "stated_on", "stated_reason", "status", "summary_en", "summary_fr", "title_en", "title_fr", "total_cost", "website") SELECT old_values."acronym", old_values."archived_on", old_values."created_at", old_values."created_by_id", old_values."end", old_values."id", old_values."is_demo", old_values."national", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."public_funding", old_values."slug", old_values."start", old_values."stated", old_values."stated_on", old_values."stated_reason", old_values."status", old_values."summary_en", old_values."summary_fr", old_values."title_en", old_values."title_fr", old_values."total_cost", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."end" IS DISTINCT FROM (new_values."end") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_demo" IS DISTINCT FROM (new_values."is_demo") OR old_values."national" IS DISTINCT FROM (new_values."national") OR old_values."public_funding" IS DISTINCT FROM (new_values."public_funding") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."start" IS DISTINCT FROM (new_values."start") OR old_values."stated" IS DISTINCT FROM (new_values."stated") OR old_values."stated_on" IS DISTINCT FROM (new_values."stated_on") OR old_values."stated_reason" IS DISTINCT FROM (new_values."stated_reason") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."summary_en" IS DISTINCT FROM (new_values."summary_en") OR old_values."summary_fr" IS DISTINCT FROM (new_values."summary_fr") OR old_values."title_en" IS DISTINCT FROM (new_values."title_en") OR old_values."title_fr" IS DISTINCT FROM (new_values."title_fr") OR old_values."total_cost" IS DISTINCT FROM (new_values."total_cost") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("acronym", "archived_on", "created_at", "created_by_id", "end", "id", "is_demo", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_funding", "slug", "start", "stated", "stated_on", "stated_reason", "status", "summary_en", "summary_fr", "title_en", "title_fr", "total_cost", "website") SELECT new_values."acronym", new_values."archived_on", new_values."created_at", new_values."created_by_id", new_values."end", new_values."id", new_values."is_demo", new_values."national", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."public_funding", new_values."slug", new_values."start", new_values."stated", new_values."stated_on", new_values."stated_reason", new_values."status", new_values."summary_en", new_values."summary_fr", new_values."title_en", new_values."title_fr", new_values."total_cost", new_values."website" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."end" IS DISTINCT FROM (new_values."end") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."is_demo" IS DISTINCT FROM (new_values."is_demo") OR old_values."national" IS DISTINCT FROM (new_values."national") OR old_values."public_funding" IS DISTINCT FROM (new_values."public_funding") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."start" IS DISTINCT FROM (new_values."start") OR old_values."stated" IS DISTINCT FROM (new_values."stated") OR old_values."stated_on" IS DISTINCT FROM (new_values."stated_on") OR old_values."stated_reason" IS DISTINCT FROM (new_values."stated_reason") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."summary_en" IS DISTINCT FROM (new_values."summary_en") OR old_values."summary_fr" IS DISTINCT FROM (new_values."summary_fr") OR old_values."title_en" IS DISTINCT FROM (new_values."title_en") OR old_values."title_fr" IS DISTINCT FROM (new_values."title_fr") OR old_values."total_cost" IS DISTINCT FROM (new_values."total_cost") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='29cfd52d6df04c8eccfa851d7291f9ea3aa24a79', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_804c3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='project',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectevent" ("acronym", "archived_on", "created_at", "created_by_id", "end", "id", "is_demo", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_funding", "slug", "start", "stated", "stated_on", "stated_reason", "status", "summary_en", "summary_fr", "title_en", "title_fr", "total_cost", "website") SELECT old_values."acronym", old_values."archived_on", old_values."created_at", old_values."created_by_id", old_values."end", old_values."id", old_values."is_demo", old_values."national", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."public_funding", old_values."slug", old_values."start", old_values."stated", old_values."stated_on", old_values."stated_reason", old_values."status", old_values."summary_en", old_values."summary_fr", old_values."title_en", old_values."title_fr", old_values."total_cost", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='2782c1bda5cef88c71dd4cf5d96851fe4764f970', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2192f', referencing='REFERENCING OLD TABLE AS old_values ', table='projects_project', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectlabel',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectlabelevent" ("cluster_id", "date", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "role") SELECT new_values."cluster_id", new_values."date", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."project_id", new_values."role" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='95a102aebbbf5f0f0cd5268282024d2a97e1da18', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a2564', referencing='REFERENCING NEW TABLE AS new_values ', table='projects_projectlabel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectlabel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectlabelevent" ("cluster_id", "date", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "role") SELECT old_values."cluster_id", old_values."date", old_values."id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."project_id", old_values."role" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectlabelevent" ("cluster_id", "date", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "role") SELECT new_values."cluster_id", new_values."date", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."project_id", new_values."role" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='d5c087b62c85221f499462098919ce4893623ddf', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a4a3b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='projects_projectlabel', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectlabel',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectlabelevent" ("cluster_id", "date", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "role") SELECT old_values."cluster_id", old_values."date", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."project_id", old_values."role" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='fea2bef6e4384adc8443290742d45e13adcdd038', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_87b22', referencing='REFERENCING OLD TABLE AS old_values ', table='projects_projectlabel', when='AFTER')),
        ),
        migrations.AddField(
            model_name='declaredfigureevent',
            name='cluster',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster', verbose_name='cluster'),
        ),
        migrations.AddField(
            model_name='declaredfigureevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='declaredfigureevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.declaredfigure'),
        ),
        migrations.AddField(
            model_name='declaredfigureevent',
            name='region',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.region', verbose_name='region'),
        ),
        migrations.AddField(
            model_name='declaredfigureevent',
            name='theme',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.theme', verbose_name='theme'),
        ),
        migrations.AddField(
            model_name='fundingevent',
            name='funder',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Blank: the funder of the programme.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.funder', verbose_name='funder'),
        ),
        migrations.AddField(
            model_name='fundingevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='fundingevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.funding'),
        ),
        migrations.AddField(
            model_name='fundingevent',
            name='programme',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.programme', verbose_name='programme'),
        ),
        migrations.AddField(
            model_name='fundingevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='outcomeevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='outcomeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.outcome'),
        ),
        migrations.AddField(
            model_name='outcomeevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='participationevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation', verbose_name='organisation'),
        ),
        migrations.AddField(
            model_name='participationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='participationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.participation'),
        ),
        migrations.AddField(
            model_name='participationevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='projectevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.project'),
        ),
        migrations.AddField(
            model_name='projectlabelevent',
            name='cluster',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster', verbose_name='cluster'),
        ),
        migrations.AddField(
            model_name='projectlabelevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='projectlabelevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.projectlabel'),
        ),
        migrations.AddField(
            model_name='projectlabelevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project', verbose_name='project'),
        ),
        migrations.AddField(
            model_name='projectthemesevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='projectthemesevent',
            name='project',
            field=models.ForeignKey(db_constraint=False, db_index=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='projects.project'),
        ),
        migrations.AddField(
            model_name='projectthemesevent',
            name='theme',
            field=models.ForeignKey(db_constraint=False, db_index=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.theme'),
        ),
        migrations.AddField(
            model_name='projectthemesevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.projectthemes'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectthemes',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectthemesevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "theme_id") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."project_id", new_values."theme_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e02601ee01ffacd8c61012de9d3850a7d978d7f9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e6720', referencing='REFERENCING NEW TABLE AS new_values ', table='projects_project_themes', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectthemes',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectthemesevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "theme_id") SELECT old_values."id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."project_id", old_values."theme_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectthemesevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "theme_id") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."project_id", new_values."theme_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='2f6a19f81b4797598479248e32dfde03fb0e2b00', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5d5c9', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='projects_project_themes', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='projectthemes',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "projects_projectthemesevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "project_id", "theme_id") SELECT old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."project_id", old_values."theme_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b9eb709ef85385f310de1ee4e23936e957a34bec', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_10b01', referencing='REFERENCING OLD TABLE AS old_values ', table='projects_project_themes', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='declaredfigureevent',
            index=models.Index(fields=['pgh_created_at'], name='declaredfigure_ev_when'),
        ),
        migrations.AddIndex(
            model_name='declaredfigureevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='declaredfigure_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='fundingevent',
            index=models.Index(fields=['pgh_created_at'], name='funding_ev_when'),
        ),
        migrations.AddIndex(
            model_name='fundingevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='funding_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='fundingevent',
            index=models.Index(fields=['project'], name='funding_ev_projec'),
        ),
        migrations.AddIndex(
            model_name='outcomeevent',
            index=models.Index(fields=['pgh_created_at'], name='outcome_ev_when'),
        ),
        migrations.AddIndex(
            model_name='outcomeevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='outcome_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='outcomeevent',
            index=models.Index(fields=['project'], name='outcome_ev_projec'),
        ),
        migrations.AddIndex(
            model_name='participationevent',
            index=models.Index(fields=['pgh_created_at'], name='participation_ev_when'),
        ),
        migrations.AddIndex(
            model_name='participationevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='participation_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='participationevent',
            index=models.Index(fields=['project'], name='participation_ev_projec'),
        ),
        migrations.AddIndex(
            model_name='projectevent',
            index=models.Index(fields=['pgh_created_at'], name='project_ev_when'),
        ),
        migrations.AddIndex(
            model_name='projectevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='project_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='projectlabelevent',
            index=models.Index(fields=['pgh_created_at'], name='projectlabel_ev_when'),
        ),
        migrations.AddIndex(
            model_name='projectlabelevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='projectlabel_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='projectlabelevent',
            index=models.Index(fields=['project'], name='projectlabel_ev_projec'),
        ),
        migrations.AddIndex(
            model_name='projectthemesevent',
            index=models.Index(fields=['pgh_created_at'], name='projectthemes_ev_when'),
        ),
        migrations.AddIndex(
            model_name='projectthemesevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='projectthemes_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='projectthemesevent',
            index=models.Index(fields=['project'], name='projectthemes_ev_projec'),
        ),
        migrations.RunSQL(only_added_to(*EVENTS), migrations.RunSQL.noop),
    ]

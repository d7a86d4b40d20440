"""Invitations; and who has a cluster's or an organisation's record in hand (docs/decisions/0021)."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# At first whoever made it has it in hand. No trigger: nothing of what was changed is news to anybody.
AUTHORS = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE members_cluster DISABLE TRIGGER USER;
UPDATE members_cluster SET assigned_to_id = created_by_id WHERE created_by_id IS NOT NULL;
ALTER TABLE members_organisation DISABLE TRIGGER USER;
UPDATE members_organisation SET assigned_to_id = created_by_id WHERE created_by_id IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE members_cluster ENABLE TRIGGER USER;
ALTER TABLE members_organisation ENABLE TRIGGER USER;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0016_documents_in_one_pass'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('role', models.CharField(choices=[('cluster_editor', 'Cluster editor'), ('cluster_manager', 'Cluster manager'), ('network_editor', 'Network editor'), ('administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='invited')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='cluster',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='cluster',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='cluster',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organisation',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organisation',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organisation',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='cluster',
            name='assigned_to',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.AddField(
            model_name='clusterevent',
            name='assigned_to',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.AddField(
            model_name='organisation',
            name='assigned_to',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='assigned_to',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.RunSQL(AUTHORS, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='cluster',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterevent" ("acronym", "archived_on", "assigned_to_id", "city", "created_at", "created_by_id", "department_id", "email", "founding_year", "id", "latitude", "logo", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "presentation_en", "presentation_fr", "slug", "status", "website") SELECT new_values."acronym", new_values."archived_on", new_values."assigned_to_id", new_values."city", new_values."created_at", new_values."created_by_id", new_values."department_id", new_values."email", new_values."founding_year", new_values."id", new_values."latitude", new_values."logo", new_values."longitude", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."presentation_en", new_values."presentation_fr", new_values."slug", new_values."status", new_values."website" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cf961844132f3632c5ec2ffc9dd6982cdb35d18f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_26cbf', referencing='REFERENCING NEW TABLE AS new_values ', table='members_cluster', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cluster',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterevent" ("acronym", "archived_on", "assigned_to_id", "city", "created_at", "created_by_id", "department_id", "email", "founding_year", "id", "latitude", "logo", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "presentation_en", "presentation_fr", "slug", "status", "website") SELECT old_values."acronym", old_values."archived_on", old_values."assigned_to_id", old_values."city", old_values."created_at", old_values."created_by_id", old_values."department_id", old_values."email", old_values."founding_year", old_values."id", old_values."latitude", old_values."logo", old_values."longitude", old_values."name", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."phone", old_values."presentation_en", old_values."presentation_fr", old_values."slug", old_values."status", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."assigned_to_id" IS DISTINCT FROM (new_values."assigned_to_id") OR old_values."city" IS DISTINCT FROM (new_values."city") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."department_id" IS DISTINCT FROM (new_values."department_id") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."founding_year" IS DISTINCT FROM (new_values."founding_year") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."latitude" IS DISTINCT FROM (new_values."latitude") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."longitude" IS DISTINCT FROM (new_values."longitude") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."presentation_en" IS DISTINCT FROM (new_values."presentation_en") OR old_values."presentation_fr" IS DISTINCT FROM (new_values."presentation_fr") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterevent" ("acronym", "archived_on", "assigned_to_id", "city", "created_at", "created_by_id", "department_id", "email", "founding_year", "id", "latitude", "logo", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "presentation_en", "presentation_fr", "slug", "status", "website") SELECT new_values."acronym", new_values."archived_on", new_values."assigned_to_id", new_values."city", new_values."created_at", new_values."created_by_id", new_values."department_id", new_values."email", new_values."founding_year", new_values."id", new_values."latitude", new_values."logo", new_values."longitude", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."presentation_en", new_values."presentation_fr", new_values."slug", new_values."status", new_values."website" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."assigned_to_id" IS DISTINCT FROM (new_values."assigned_to_id") OR old_values."city" IS DISTINCT FROM (new_values."city") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."department_id" IS DISTINCT FROM (new_values."department_id") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."founding_year" IS DISTINCT FROM (new_values."founding_year") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."latitude" IS DISTINCT FROM (new_values."latitude") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."longitude" IS DISTINCT FROM (new_values."longitude") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."presentation_en" IS DISTINCT FROM (new_values."presentation_en") OR old_values."presentation_fr" IS DISTINCT FROM (new_values."presentation_fr") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='8f298b1445d162e51f029e30be8d24619b9b563a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a59d8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_cluster', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cluster',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterevent" ("acronym", "archived_on", "assigned_to_id", "city", "created_at", "created_by_id", "department_id", "email", "founding_year", "id", "latitude", "logo", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "presentation_en", "presentation_fr", "slug", "status", "website") SELECT old_values."acronym", old_values."archived_on", old_values."assigned_to_id", old_values."city", old_values."created_at", old_values."created_by_id", old_values."department_id", old_values."email", old_values."founding_year", old_values."id", old_values."latitude", old_values."logo", old_values."longitude", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."presentation_en", old_values."presentation_fr", old_values."slug", old_values."status", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='cd2b76ae4b543aac6d752404aae8b20f4ce50e55', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a3e30', referencing='REFERENCING OLD TABLE AS old_values ', table='members_cluster', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationevent" ("acronym", "archived_on", "assigned_to_id", "closed_on", "country", "created_at", "created_by_id", "description_en", "description_fr", "email", "founding_year", "headcount", "id", "institution_type", "is_demo", "kind", "lead_cluster_id", "logo", "naf_code", "name", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rnsr_id", "ror_id", "siren", "size", "slug", "status", "successor_id", "uai_code", "verified_by_id", "verified_on", "verified_source", "website") SELECT new_values."acronym", new_values."archived_on", new_values."assigned_to_id", new_values."closed_on", new_values."country", new_values."created_at", new_values."created_by_id", new_values."description_en", new_values."description_fr", new_values."email", new_values."founding_year", new_values."headcount", new_values."id", new_values."institution_type", new_values."is_demo", new_values."kind", new_values."lead_cluster_id", new_values."logo", new_values."naf_code", new_values."name", new_values."national", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."rnsr_id", new_values."ror_id", new_values."siren", new_values."size", new_values."slug", new_values."status", new_values."successor_id", new_values."uai_code", new_values."verified_by_id", new_values."verified_on", new_values."verified_source", new_values."website" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f5b282271c16ca404245c6f0ea0511af99c5a51a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d68e8', referencing='REFERENCING NEW TABLE AS new_values ', table='members_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationevent" ("acronym", "archived_on", "assigned_to_id", "closed_on", "country", "created_at", "created_by_id", "description_en", "description_fr", "email", "founding_year", "headcount", "id", "institution_type", "is_demo", "kind", "lead_cluster_id", "logo", "naf_code", "name", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rnsr_id", "ror_id", "siren", "size", "slug", "status", "successor_id", "uai_code", "verified_by_id", "verified_on", "verified_source", "website") SELECT old_values."acronym", old_values."archived_on", old_values."assigned_to_id", old_values."closed_on", old_values."country", old_values."created_at", old_values."created_by_id", old_values."description_en", old_values."description_fr", old_values."email", old_values."founding_year", old_values."headcount", old_values."id", old_values."institution_type", old_values."is_demo", old_values."kind", old_values."lead_cluster_id", old_values."logo", old_values."naf_code", old_values."name", old_values."national", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."phone", old_values."rnsr_id", old_values."ror_id", old_values."siren", old_values."size", old_values."slug", old_values."status", old_values."successor_id", old_values."uai_code", old_values."verified_by_id", old_values."verified_on", old_values."verified_source", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."assigned_to_id" IS DISTINCT FROM (new_values."assigned_to_id") OR old_values."closed_on" IS DISTINCT FROM (new_values."closed_on") OR old_values."country" IS DISTINCT FROM (new_values."country") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."description_en" IS DISTINCT FROM (new_values."description_en") OR old_values."description_fr" IS DISTINCT FROM (new_values."description_fr") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."founding_year" IS DISTINCT FROM (new_values."founding_year") OR old_values."headcount" IS DISTINCT FROM (new_values."headcount") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."institution_type" IS DISTINCT FROM (new_values."institution_type") OR old_values."is_demo" IS DISTINCT FROM (new_values."is_demo") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."lead_cluster_id" IS DISTINCT FROM (new_values."lead_cluster_id") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."naf_code" IS DISTINCT FROM (new_values."naf_code") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."national" IS DISTINCT FROM (new_values."national") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."rnsr_id" IS DISTINCT FROM (new_values."rnsr_id") OR old_values."ror_id" IS DISTINCT FROM (new_values."ror_id") OR old_values."siren" IS DISTINCT FROM (new_values."siren") OR old_values."size" IS DISTINCT FROM (new_values."size") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."successor_id" IS DISTINCT FROM (new_values."successor_id") OR old_values."uai_code" IS DISTINCT FROM (new_values."uai_code") OR old_values."verified_by_id" IS DISTINCT FROM (new_values."verified_by_id") OR old_values."verified_on" IS DISTINCT FROM (new_values."verified_on") OR old_values."verified_source" IS DISTINCT FROM (new_values."verified_source") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationevent" ("acronym", "archived_on", "assigned_to_id", "closed_on", "country", "created_at", "created_by_id", "description_en", "description_fr", "email", "founding_year", "headcount", "id", "institution_type", "is_demo", "kind", "lead_cluster_id", "logo", "naf_code", "name", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rnsr_id", "ror_id", "siren", "size", "slug", "status", "successor_id", "uai_code", "verified_by_id", "verified_on", "verified_source", "website") SELECT new_values."acronym", new_values."archived_on", new_values."assigned_to_id", new_values."closed_on", new_values."country", new_values."created_at", new_values."created_by_id", new_values."description_en", new_values."description_fr", new_values."email", new_values."founding_year", new_values."headcount", new_values."id", new_values."institution_type", new_values."is_demo", new_values."kind", new_values."lead_cluster_id", new_values."logo", new_values."naf_code", new_values."name", new_values."national", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."rnsr_id", new_values."ror_id", new_values."siren", new_values."size", new_values."slug", new_values."status", new_values."successor_id", new_values."uai_code", new_values."verified_by_id", new_values."verified_on", new_values."verified_source", new_values."website" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."assigned_to_id" IS DISTINCT FROM (new_values."assigned_to_id") OR old_values."closed_on" IS DISTINCT FROM (new_values."closed_on") OR old_values."country" IS DISTINCT FROM (new_values."country") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."description_en" IS DISTINCT FROM (new_values."description_en") OR old_values."description_fr" IS DISTINCT FROM (new_values."description_fr") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."founding_year" IS DISTINCT FROM (new_values."founding_year") OR old_values."headcount" IS DISTINCT FROM (new_values."headcount") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."institution_type" IS DISTINCT FROM (new_values."institution_type") OR old_values."is_demo" IS DISTINCT FROM (new_values."is_demo") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."lead_cluster_id" IS DISTINCT FROM (new_values."lead_cluster_id") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."naf_code" IS DISTINCT FROM (new_values."naf_code") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."national" IS DISTINCT FROM (new_values."national") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."rnsr_id" IS DISTINCT FROM (new_values."rnsr_id") OR old_values."ror_id" IS DISTINCT FROM (new_values."ror_id") OR old_values."siren" IS DISTINCT FROM (new_values."siren") OR old_values."size" IS DISTINCT FROM (new_values."size") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."successor_id" IS DISTINCT FROM (new_values."successor_id") OR old_values."uai_code" IS DISTINCT FROM (new_values."uai_code") OR old_values."verified_by_id" IS DISTINCT FROM (new_values."verified_by_id") OR old_values."verified_on" IS DISTINCT FROM (new_values."verified_on") OR old_values."verified_source" IS DISTINCT FROM (new_values."verified_source") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='65351140945562902ddaae9b2582e6abe76eb05c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_f4b2a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationevent" ("acronym", "archived_on", "assigned_to_id", "closed_on", "country", "created_at", "created_by_id", "description_en", "description_fr", "email", "founding_year", "headcount", "id", "institution_type", "is_demo", "kind", "lead_cluster_id", "logo", "naf_code", "name", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rnsr_id", "ror_id", "siren", "size", "slug", "status", "successor_id", "uai_code", "verified_by_id", "verified_on", "verified_source", "website") SELECT old_values."acronym", old_values."archived_on", old_values."assigned_to_id", old_values."closed_on", old_values."country", old_values."created_at", old_values."created_by_id", old_values."description_en", old_values."description_fr", old_values."email", old_values."founding_year", old_values."headcount", old_values."id", old_values."institution_type", old_values."is_demo", old_values."kind", old_values."lead_cluster_id", old_values."logo", old_values."naf_code", old_values."name", old_values."national", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."rnsr_id", old_values."ror_id", old_values."siren", old_values."size", old_values."slug", old_values."status", old_values."successor_id", old_values."uai_code", old_values."verified_by_id", old_values."verified_on", old_values."verified_source", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='18561e072ff79a5e186bc63e9fe6fa87267dab5d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5a0df', referencing='REFERENCING OLD TABLE AS old_values ', table='members_organisation', when='AFTER')),
        ),
        migrations.AddField(
            model_name='invitation',
            name='accepted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='cluster',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='members.cluster', verbose_name='cluster'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='invited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='revoked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['cluster_editor', 'cluster_manager', 'network_editor', 'administrator'])), name='members_invitation_role_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cluster__isnull', False), ('role__in', ('cluster_editor', 'cluster_manager'))), models.Q(models.Q(('role__in', ('cluster_editor', 'cluster_manager')), _negated=True), ('cluster__isnull', True)), _connector='OR'), name='members_invitation_cluster', violation_error_message='Cluster editors and managers have a cluster, the other roles have none.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at', None), ('revoked_at', None), _connector='OR'), name='members_invitation_one_answer', violation_error_message='An invitation is accepted or withdrawn, not both.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='members_invitation_lasts', violation_error_message='An invitation expires after it was sent.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), models.F('role'), django.db.models.functions.comparison.Coalesce('cluster_id', models.Value(0)), condition=models.Q(('accepted_at', None), ('revoked_at', None)), name='members_invitation_once', violation_error_message='This address is invited to this already.'),
        ),
    ]

"""Texts that staff edit, former slugs, what reference data loaded, the vocabulary of spellings; and the functions of
the triggers that apps put on their own tables."""

import django.contrib.postgres.indexes
import django.db.models.functions.datetime
from django.db import migrations, models

from cluster_portal.records.triggers import touch_trigger, without

# Saving without a change moves no date. Arguments: generated columns, which are not computed yet.
TOUCH = """
CREATE FUNCTION portal_touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ignored text[] := ARRAY['updated_at', 'updated_by_id'] || TG_ARGV::text[];
BEGIN
    IF to_jsonb(NEW) - ignored = to_jsonb(OLD) - ignored THEN
        RETURN OLD;
    END IF;
    NEW.updated_at := now();
    RETURN NEW;
END $$;
"""

# Argument: the kind of page, as portal.FormerSlug names it.
SLUGS = """
CREATE FUNCTION portal_remember_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_formerslug (model, slug, object_id, changed_at)
    VALUES (TG_ARGV[0], OLD.slug, OLD.id, now())
    ON CONFLICT (model, slug) DO UPDATE SET object_id = EXCLUDED.object_id, changed_at = now();
    DELETE FROM portal_formerslug WHERE model = TG_ARGV[0] AND slug = NEW.slug;
    RETURN NULL;
END $$;
"""

TOUCHED = touch_trigger("portal", "page")


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_text_search")]
    operations = [
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text='Names the place where the text appears; do not change it.', max_length=60, unique=True, verbose_name='key')),
                ('title_fr', models.CharField(max_length=150, verbose_name='title in French')),
                ('title_en', models.CharField(blank=True, max_length=150, verbose_name='title in English')),
                ('standfirst_fr', models.TextField(blank=True, verbose_name='opening sentence in French')),
                ('standfirst_en', models.TextField(blank=True, verbose_name='opening sentence in English')),
                ('body_fr', models.TextField(blank=True, verbose_name='text in French (Markdown)')),
                ('body_en', models.TextField(blank=True, verbose_name='text in English (Markdown)')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='updated')),
            ],
            options={
                'verbose_name': 'text of the portal',
                'verbose_name_plural': 'texts of the portal',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=20, verbose_name='kind of page')),
                ('slug', models.CharField(max_length=120, verbose_name='former slug')),
                ('object_id', models.BigIntegerField(verbose_name='identifier')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='changed')),
            ],
            options={
                'verbose_name': 'former slug',
                'verbose_name_plural': 'former slugs',
                'ordering': ['model', 'slug'],
                'constraints': [models.UniqueConstraint(fields=('model', 'slug'), name='portal_formerslug_once')],
            },
        ),
        migrations.CreateModel(
            name='ReferenceRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=120)),
                ('values', models.JSONField(default=dict)),
            ],
            options={
                'verbose_name': 'loaded reference row',
                'verbose_name_plural': 'loaded reference rows',
                'ordering': ['source', 'key'],
                'constraints': [models.UniqueConstraint(fields=('source', 'key'), name='portal_referencerow_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.TextField(help_text='Folded: hydrogene.', primary_key=True, serialize=False)),
                ('spelling', models.TextField(help_text='As written: hydrogène.')),
            ],
            options={
                'verbose_name': 'search word',
                'verbose_name_plural': 'search words',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['word'], name='portal_search_spelling', opclasses=['gin_trgm_ops'])],
            },
        ),
        migrations.RunSQL(TOUCH, "DROP FUNCTION portal_touch"),
        migrations.RunSQL(SLUGS, "DROP FUNCTION portal_remember_slug"),
        migrations.RunSQL(TOUCHED, without(TOUCHED)),
    ]

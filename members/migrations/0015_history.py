"""What was changed in the directory, by whom and how (docs/decisions/0019)."""

import cluster_portal.records.websites
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import django_countries.fields
import members.identifiers
import members.logos
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from cluster_portal.records.triggers import only_added_to


EVENTS = [
    'members_clusterevent',
    'members_clusternameevent',
    'members_clusterregionevent',
    'members_clusterthemesevent',
    'members_contactpersonevent',
    'members_furthernumberevent',
    'members_labelperiodevent',
    'members_membershipevent',
    'members_organisationevent',
    'members_organisationnameevent',
    'members_organisationsupervisorsevent',
    'members_organisationthemesevent',
    'members_roleassignmentevent',
    'members_siteevent',
    'members_successionevent',
    'members_themeevent',
    'members_unitnumberevent',
]


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0014_numbers_of_one_organisation'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ClusterEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('archived', 'Archived')], default='draft', max_length=10, verbose_name='status')),
                ('archived_on', models.DateField(blank=True, null=True, verbose_name='archived on')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('acronym', models.CharField(blank=True, max_length=30, verbose_name='acronym')),
                ('slug', models.SlugField(db_index=False, max_length=120, verbose_name='slug')),
                ('presentation_fr', models.TextField(blank=True, verbose_name='presentation in French')),
                ('presentation_en', models.TextField(blank=True, verbose_name='presentation in English')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='town of the head office')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='longitude')),
                ('website', models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='website')),
                ('email', models.EmailField(blank=True, help_text='The cluster’s address, not a person’s.', max_length=254, verbose_name='general e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='general phone')),
                ('logo', models.ImageField(blank=True, help_text='PNG, JPEG or WebP, at most 512 kB. Any shape: it is fitted, never stretched.', upload_to='logos/clusters/', validators=[members.logos.validate_logo], verbose_name='logo')),
                ('founding_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1800), django.core.validators.MaxValueValidator(2100)], verbose_name='founding year')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClusterNameEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('kind', models.CharField(choices=[('former', 'Former name'), ('alternative', 'Other name')], default='alternative', max_length=12, verbose_name='kind')),
                ('until', models.DateField(blank=True, null=True, verbose_name='used until')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClusterRegionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('rank', models.PositiveSmallIntegerField(default=0, help_text='0 is the main one.', verbose_name='rank')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ClusterThemesEvent',
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
            name='ContactPersonEvent',
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
            name='FurtherNumberEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('siren', 'SIREN'), ('uai', 'UAI'), ('rnsr', 'RNSR'), ('ror', 'ROR')], max_length=5, verbose_name='kind')),
                ('value', models.CharField(max_length=10, verbose_name='number')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LabelPeriodEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('phase', models.PositiveSmallIntegerField(choices=[(1, 'I'), (2, 'II'), (3, 'III'), (4, 'IV'), (5, 'V')], verbose_name='phase')),
                ('start', models.DateField(verbose_name='first day')),
                ('end', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('probationary', models.BooleanField(default=False, verbose_name='probationary')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='MembershipEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('category', models.CharField(blank=True, help_text='The college or category in the cluster’s own words.', max_length=60, verbose_name='category')),
                ('joined_on', models.DateField(blank=True, null=True, verbose_name='joined on')),
                ('left_on', models.DateField(blank=True, help_text='Blank: still a member.', null=True, verbose_name='left on')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OrganisationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('archived', 'Archived')], default='draft', max_length=10, verbose_name='status')),
                ('archived_on', models.DateField(blank=True, null=True, verbose_name='archived on')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('kind', models.CharField(choices=[('company', 'Company'), ('laboratory', 'Laboratory'), ('institution', 'Institution')], max_length=11, verbose_name='kind')),
                ('name', models.CharField(max_length=250, verbose_name='name')),
                ('acronym', models.CharField(blank=True, max_length=30, verbose_name='acronym')),
                ('slug', models.SlugField(db_index=False, max_length=120, verbose_name='slug')),
                ('description_fr', models.TextField(blank=True, verbose_name='description in French')),
                ('description_en', models.TextField(blank=True, verbose_name='description in English')),
                ('founding_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1100), django.core.validators.MaxValueValidator(2100)], verbose_name='founding year')),
                ('website', models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='website')),
                ('email', models.EmailField(blank=True, help_text='The organisation’s address, not a person’s.', max_length=254, verbose_name='general e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='general phone')),
                ('logo', models.ImageField(blank=True, help_text='PNG, JPEG or WebP, at most 512 kB. Any shape: it is fitted, never stretched.', upload_to='logos/organisations/', validators=[members.logos.validate_logo], verbose_name='logo')),
                ('national', models.BooleanField(default=False, help_text='It is then found in every region, and its page says so.', verbose_name='works nationwide')),
                ('country', django_countries.fields.CountryField(default='FR', help_text='Where it is at home; its sites may be elsewhere.', max_length=2, verbose_name='country')),
                ('siren', models.CharField(blank=True, max_length=9, validators=[members.identifiers.validate_siren], verbose_name='SIREN')),
                ('ror_id', models.CharField(blank=True, max_length=9, validators=[members.identifiers.validate_ror], verbose_name='ROR')),
                ('size', models.CharField(blank=True, choices=[('micro', 'Micro-enterprise'), ('sme', 'SME'), ('midcap', 'Mid-cap'), ('large', 'Large company')], max_length=6, verbose_name='size')),
                ('naf_code', models.CharField(blank=True, max_length=6, validators=[members.identifiers.validate_naf], verbose_name='NAF code')),
                ('headcount', models.CharField(blank=True, choices=[('00', 'no employee'), ('01', '1 or 2 people'), ('02', '3 to 5 people'), ('03', '6 to 9 people'), ('11', '10 to 19 people'), ('12', '20 to 49 people'), ('21', '50 to 99 people'), ('22', '100 to 199 people'), ('31', '200 to 249 people'), ('32', '250 to 499 people'), ('41', '500 to 999 people'), ('42', '1,000 to 1,999 people'), ('51', '2,000 to 4,999 people'), ('52', '5,000 to 9,999 people'), ('53', '10,000 people or more')], max_length=2, verbose_name='headcount')),
                ('rnsr_id', models.CharField(blank=True, max_length=10, validators=[members.identifiers.validate_rnsr], verbose_name='RNSR')),
                ('uai_code', models.CharField(blank=True, max_length=8, validators=[members.identifiers.validate_uai], verbose_name='UAI')),
                ('institution_type', models.CharField(blank=True, choices=[('higher_education', 'Higher education'), ('research_body', 'National research body'), ('hospital', 'Hospital'), ('technical_centre', 'Technical centre'), ('training', 'Training'), ('authority', 'Public authority'), ('support', 'Support network or cluster partner'), ('foundation', 'Foundation'), ('funder', 'Funder')], max_length=16, verbose_name='type')),
                ('closed_on', models.DateField(blank=True, help_text='The day the organisation ceased.', null=True, verbose_name='closed on')),
                ('verified_on', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('verified_source', models.CharField(blank=True, max_length=200, verbose_name='source of the verification')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='invented (demo network)')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OrganisationNameEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=250, verbose_name='name')),
                ('kind', models.CharField(choices=[('former', 'Former name'), ('trade', 'Trade name')], default='former', max_length=6, verbose_name='kind')),
                ('until', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='used until (year)')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OrganisationSupervisorsEvent',
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
            name='OrganisationThemesEvent',
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
            name='RoleAssignmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('role', models.CharField(choices=[('cluster_editor', 'Cluster editor'), ('cluster_manager', 'Cluster manager'), ('network_editor', 'Network editor'), ('administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('valid_from', models.DateField(default=django.utils.timezone.localdate, verbose_name='from')),
                ('valid_until', models.DateField(blank=True, help_text='The first day without the role. Blank: no end.', null=True, verbose_name='until')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SiteEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name of the site')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('postcode', models.CharField(blank=True, max_length=12, verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='town')),
                ('country', django_countries.fields.CountryField(default='FR', max_length=2, verbose_name='country')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='longitude')),
                ('precision', models.CharField(blank=True, choices=[('address', 'Address'), ('city', 'Town'), ('department', 'Department')], max_length=10, verbose_name='precision of the coordinates')),
                ('siret', models.CharField(blank=True, max_length=14, validators=[members.identifiers.validate_siret], verbose_name='SIRET')),
                ('head_office', models.BooleanField(default=False, verbose_name='head office')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SuccessionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('merger', 'Merger'), ('absorption', 'Absorption'), ('renaming', 'Renaming'), ('split', 'Split')], max_length=10, verbose_name='kind')),
                ('date', models.DateField(blank=True, help_text='Blank when unknown.', null=True, verbose_name='date')),
                ('year', models.PositiveSmallIntegerField(blank=True, help_text='When only the year is known.', null=True, verbose_name='year')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ThemeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name_fr', models.CharField(max_length=80, verbose_name='name in French')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='name in English')),
                ('slug', models.SlugField(db_index=False, max_length=80, verbose_name='slug')),
                ('description_fr', models.TextField(blank=True, verbose_name='description in French')),
                ('description_en', models.TextField(blank=True, verbose_name='description in English')),
                ('focus', models.BooleanField(default=False, help_text='Shown on the home page with the clusters that work on it.', verbose_name='sector in focus')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='UnitNumberEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('label', models.CharField(help_text='UMR, U, EA, UAR, UPR, ERL...', max_length=10, verbose_name='label')),
                ('number', models.CharField(max_length=7, verbose_name='number')),
            ],
            options={
                'ordering': ['pgh_id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OrganisationThemes',
            fields=[
            ],
            options={
                'ordering': ['pk'],
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('members.organisation_themes',),
        ),
        migrations.CreateModel(
            name='OrganisationSupervisors',
            fields=[
            ],
            options={
                'ordering': ['pk'],
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('members.organisation_supervisors',),
        ),
        migrations.CreateModel(
            name='ClusterThemes',
            fields=[
            ],
            options={
                'ordering': ['pk'],
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('members.cluster_themes',),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cluster',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterevent" ("acronym", "archived_on", "city", "created_at", "created_by_id", "department_id", "email", "founding_year", "id", "latitude", "logo", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "presentation_en", "presentation_fr", "slug", "status", "website") SELECT new_values."acronym", new_values."archived_on", new_values."city", new_values."created_at", new_values."created_by_id", new_values."department_id", new_values."email", new_values."founding_year", new_values."id", new_values."latitude", new_values."logo", new_values."longitude", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."presentation_en", new_values."presentation_fr", new_values."slug", new_values."status", new_values."website" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e758c0fa78900b1c5425ef20e4ded6f549071377', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_26cbf', referencing='REFERENCING NEW TABLE AS new_values ', table='members_cluster', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cluster',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterevent" ("acronym", "archived_on", "city", "created_at", "created_by_id", "department_id", "email", "founding_year", "id", "latitude", "logo", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "presentation_en", "presentation_fr", "slug", "status", "website") SELECT old_values."acronym", old_values."archived_on", old_values."city", old_values."created_at", old_values."created_by_id", old_values."department_id", old_values."email", old_values."founding_year", old_values."id", old_values."latitude", old_values."logo", old_values."longitude", old_values."name", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."phone", old_values."presentation_en", old_values."presentation_fr", old_values."slug", old_values."status", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."city" IS DISTINCT FROM (new_values."city") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."department_id" IS DISTINCT FROM (new_values."department_id") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."founding_year" IS DISTINCT FROM (new_values."founding_year") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."latitude" IS DISTINCT FROM (new_values."latitude") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."longitude" IS DISTINCT FROM (new_values."longitude") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."presentation_en" IS DISTINCT FROM (new_values."presentation_en") OR old_values."presentation_fr" IS DISTINCT FROM (new_values."presentation_fr") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterevent" ("acronym", "archived_on", "city", "created_at", "created_by_id", "department_id", "email", "founding_year", "id", "latitude", "logo", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "presentation_en", "presentation_fr", "slug", "status", "website") SELECT new_values."acronym", new_values."archived_on", new_values."city", new_values."created_at", new_values."created_by_id", new_values."department_id", new_values."email", new_values."founding_year", new_values."id", new_values."latitude", new_values."logo", new_values."longitude", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."presentation_en", new_values."presentation_fr", new_values."slug", new_values."status", new_values."website" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."city" IS DISTINCT FROM (new_values."city") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."department_id" IS DISTINCT FROM (new_values."department_id") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."founding_year" IS DISTINCT FROM (new_values."founding_year") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."latitude" IS DISTINCT FROM (new_values."latitude") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."longitude" IS DISTINCT FROM (new_values."longitude") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."presentation_en" IS DISTINCT FROM (new_values."presentation_en") OR old_values."presentation_fr" IS DISTINCT FROM (new_values."presentation_fr") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='3cf464f9d78aa422efe987e75369c14f32694c8e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a59d8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_cluster', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cluster',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterevent" ("acronym", "archived_on", "city", "created_at", "created_by_id", "department_id", "email", "founding_year", "id", "latitude", "logo", "longitude", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "presentation_en", "presentation_fr", "slug", "status", "website") SELECT old_values."acronym", old_values."archived_on", old_values."city", old_values."created_at", old_values."created_by_id", old_values."department_id", old_values."email", old_values."founding_year", old_values."id", old_values."latitude", old_values."logo", old_values."longitude", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."presentation_en", old_values."presentation_fr", old_values."slug", old_values."status", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b3a39da5b82636549f22d430ebc4568409ddeef8', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a3e30', referencing='REFERENCING OLD TABLE AS old_values ', table='members_cluster', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clustername',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusternameevent" ("cluster_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until") SELECT new_values."cluster_id", new_values."id", new_values."kind", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d5b4995194661fd511a9e17ebc02b783960c5606', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_510e9', referencing='REFERENCING NEW TABLE AS new_values ', table='members_clustername', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clustername',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusternameevent" ("cluster_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until") SELECT old_values."cluster_id", old_values."id", old_values."kind", old_values."name", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusternameevent" ("cluster_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until") SELECT new_values."cluster_id", new_values."id", new_values."kind", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='24f54c093faf16fa98be1100a3291e9dc4aa4590', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_41400', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_clustername', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clustername',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusternameevent" ("cluster_id", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until") SELECT old_values."cluster_id", old_values."id", old_values."kind", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d2329fa1dd6029fcb5ba33f16310352c384bc49f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ed940', referencing='REFERENCING OLD TABLE AS old_values ', table='members_clustername', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clusterregion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterregionevent" ("cluster_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "region_id") SELECT new_values."cluster_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."rank", new_values."region_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e7308264448c41cd454a0463fe4cecb09f87a29e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_8e997', referencing='REFERENCING NEW TABLE AS new_values ', table='members_clusterregion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clusterregion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterregionevent" ("cluster_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "region_id") SELECT old_values."cluster_id", old_values."id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."rank", old_values."region_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterregionevent" ("cluster_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "region_id") SELECT new_values."cluster_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."rank", new_values."region_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='b253e951592a3935af17e44094c32bb5215a8a04', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e6cd4', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_clusterregion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clusterregion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterregionevent" ("cluster_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "region_id") SELECT old_values."cluster_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."rank", old_values."region_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='0a6a8456ceeacee8ef8a9f4e40a76a4bdab6b613', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_6e204', referencing='REFERENCING OLD TABLE AS old_values ', table='members_clusterregion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactperson',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_contactpersonevent" ("cluster_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."cluster_id", new_values."id", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e5779da77e120a7beef653ed3680270eb58b57a9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_60229', referencing='REFERENCING NEW TABLE AS new_values ', table='members_contactperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactperson',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_contactpersonevent" ("cluster_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."cluster_id", old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'before\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_contactpersonevent" ("cluster_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."cluster_id", new_values."id", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='b8224b0937d0018ef4501cdd6a006a7c0711dda5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_18aa9', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_contactperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contactperson',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_contactpersonevent" ("cluster_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."cluster_id", old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e313218e6dada7d3a754e6b421538c13daca4138', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_59d22', referencing='REFERENCING OLD TABLE AS old_values ', table='members_contactperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='furthernumber',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_furthernumberevent" ("id", "kind", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") SELECT new_values."id", new_values."kind", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."value" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e90a6d11799cc5ba2e6d7ed1d724b4702b035c16', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2463e', referencing='REFERENCING NEW TABLE AS new_values ', table='members_furthernumber', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='furthernumber',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_furthernumberevent" ("id", "kind", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") SELECT old_values."id", old_values."kind", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."value" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_furthernumberevent" ("id", "kind", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") SELECT new_values."id", new_values."kind", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."value" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='a1503c8a6c86b31aed13b7625c508eb5083b47ee', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_253b4', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_furthernumber', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='furthernumber',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_furthernumberevent" ("id", "kind", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value") SELECT old_values."id", old_values."kind", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."value" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8b85b8e5c70bb2f4d22913e2c6f3dd548245fc01', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d1be2', referencing='REFERENCING OLD TABLE AS old_values ', table='members_furthernumber', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='labelperiod',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_labelperiodevent" ("cluster_id", "end", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "probationary", "source", "start") SELECT new_values."cluster_id", new_values."end", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phase", new_values."probationary", new_values."source", new_values."start" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e035fef81adfcb8ef6f91c0144e728c78fcf4540', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_708ad', referencing='REFERENCING NEW TABLE AS new_values ', table='members_labelperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='labelperiod',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_labelperiodevent" ("cluster_id", "end", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "probationary", "source", "start") SELECT old_values."cluster_id", old_values."end", old_values."id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."phase", old_values."probationary", old_values."source", old_values."start" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_labelperiodevent" ("cluster_id", "end", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "probationary", "source", "start") SELECT new_values."cluster_id", new_values."end", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phase", new_values."probationary", new_values."source", new_values."start" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='373f39962a992e34f2ca5540f97fb2be8caea1b8', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b8e14', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_labelperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='labelperiod',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_labelperiodevent" ("cluster_id", "end", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "probationary", "source", "start") SELECT old_values."cluster_id", old_values."end", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phase", old_values."probationary", old_values."source", old_values."start" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='140ad1fbbe2a9dde82e2c2202fe3dbc370d62ce9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a85a7', referencing='REFERENCING OLD TABLE AS old_values ', table='members_labelperiod', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_membershipevent" ("category", "cluster_id", "id", "joined_on", "left_on", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."category", new_values."cluster_id", new_values."id", new_values."joined_on", new_values."left_on", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e1b16c8999a73051c0040d88bb1fece54c2cd0de', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_20243', referencing='REFERENCING NEW TABLE AS new_values ', table='members_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_membershipevent" ("category", "cluster_id", "id", "joined_on", "left_on", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."category", old_values."cluster_id", old_values."id", old_values."joined_on", old_values."left_on", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'before\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_membershipevent" ("category", "cluster_id", "id", "joined_on", "left_on", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."category", new_values."cluster_id", new_values."id", new_values."joined_on", new_values."left_on", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='040235d53244b8a44cf59796d271a5caaa870cc8', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_f5071', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_membershipevent" ("category", "cluster_id", "id", "joined_on", "left_on", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."category", old_values."cluster_id", old_values."id", old_values."joined_on", old_values."left_on", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='afc1e1dca4209058651588d531d34778d104b653', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_84b9f', referencing='REFERENCING OLD TABLE AS old_values ', table='members_membership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationevent" ("acronym", "archived_on", "closed_on", "country", "created_at", "created_by_id", "description_en", "description_fr", "email", "founding_year", "headcount", "id", "institution_type", "is_demo", "kind", "lead_cluster_id", "logo", "naf_code", "name", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rnsr_id", "ror_id", "siren", "size", "slug", "status", "successor_id", "uai_code", "verified_by_id", "verified_on", "verified_source", "website") SELECT new_values."acronym", new_values."archived_on", new_values."closed_on", new_values."country", new_values."created_at", new_values."created_by_id", new_values."description_en", new_values."description_fr", new_values."email", new_values."founding_year", new_values."headcount", new_values."id", new_values."institution_type", new_values."is_demo", new_values."kind", new_values."lead_cluster_id", new_values."logo", new_values."naf_code", new_values."name", new_values."national", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."phone", new_values."rnsr_id", new_values."ror_id", new_values."siren", new_values."size", new_values."slug", new_values."status", new_values."successor_id", new_values."uai_code", new_values."verified_by_id", new_values."verified_on", new_values."verified_source", new_values."website" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f8e677f082f447bd2935fba32477d21b19c28a95', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d68e8', referencing='REFERENCING NEW TABLE AS new_values ', table='members_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationevent" ("acronym", "archived_on", "closed_on", "country", "created_at", "created_by_id", "description_en", "description_fr", "email", "founding_year", "headcount", "id", "institution_type", "is_demo", "kind", "lead_cluster_id", "logo", "naf_code", "name", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rnsr_id", "ror_id", "siren", "size", "slug", "status", "successor_id", "uai_code", "verified_by_id", "verified_on", "verified_source", "website") SELECT old_values."acronym", old_values."archived_on", old_values."closed_on", old_values."country", old_values."created_at", old_values."created_by_id", old_values."description_en", old_values."description_fr", old_values."email", old_values."founding_year", old_values."headcount", old_values."id", old_values."institution_type", old_values."is_demo", old_values."kind", old_values."lead_cluster_id", old_values."logo", old_values."naf_code", old_values."name", old_values."national", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."phone", old_values."rnsr_id", old_values."ror_id", old_values."siren", old_values."size", old_values."slug", old_values."status", old_values."successor_id", old_values."uai_code", old_values."verified_by_id", old_values."verified_on", old_values."verified_source", old_values."website" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."closed_on" IS DISTINCT FROM (new_values."closed_on") OR old_values."country" IS DISTINCT FROM (new_values."country") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."description_en" IS DISTINCT FROM (new_values."description_en") OR old_values."description_fr" IS DISTINCT FROM (new_values."description_fr") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."founding_year" IS DISTINCT FROM (new_values."founding_year") OR old_values."headcount" IS DISTINCT FROM (new_values."headcount") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."institution_type" IS DISTINCT FROM (new_values."institution_type") OR old_values."is_demo" IS DISTINCT FROM (new_values."is_demo") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."lead_cluster_id" IS DISTINCT FROM (new_values."lead_cluster_id") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."naf_code" IS DISTINCT FROM (new_values."naf_code") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."national" IS DISTINCT FROM (new_values."national") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."rnsr_id" IS DISTINCT FROM (new_values."rnsr_id") OR old_values."ror_id" IS DISTINCT FROM (new_values."ror_id") OR old_values."siren" IS DISTINCT FROM (new_values."siren") OR old_values."size" IS DISTINCT FROM (new_values."size") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."successor_id" IS DISTINCT FROM (new_values."successor_id") OR old_values."uai_code" IS DISTINCT FROM (new_values."uai_code") OR old_values."verified_by_id" IS DISTINCT FROM (new_values."verified_by_id") OR old_values."verified_on" IS DISTINCT FROM (new_values."verified_on") OR old_values."verified_source" IS DISTINCT FROM (new_values."verified_source") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationevent" ("acronym", "archived_on", "closed_on", "country", "created_at", "created_by_id", "description_en", "description_fr", "email", "founding_year", "headcount", "id", "institution_type", "is_demo", "kind", "lead_cluster_id", "logo", "naf_code", "name", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rnsr_id", "ror_id", "siren", "size", "slug", "status", "successor_id", "uai_code", "verified_by_id", "verified_on", "verified_source", "website") SELECT new_values."acronym", new_values."archived_on", new_values."closed_on", new_values."country", new_values."created_at", new_values."created_by_id", new_values."description_en", new_values."description_fr", new_values."email", new_values."founding_year", new_values."headcount", new_values."id", new_values."institution_type", new_values."is_demo", new_values."kind", new_values."lead_cluster_id", new_values."logo", new_values."naf_code", new_values."name", new_values."national", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."phone", new_values."rnsr_id", new_values."ror_id", new_values."siren", new_values."size", new_values."slug", new_values."status", new_values."successor_id", new_values."uai_code", new_values."verified_by_id", new_values."verified_on", new_values."verified_source", new_values."website" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."acronym" IS DISTINCT FROM (new_values."acronym") OR old_values."archived_on" IS DISTINCT FROM (new_values."archived_on") OR old_values."closed_on" IS DISTINCT FROM (new_values."closed_on") OR old_values."country" IS DISTINCT FROM (new_values."country") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."created_by_id" IS DISTINCT FROM (new_values."created_by_id") OR old_values."description_en" IS DISTINCT FROM (new_values."description_en") OR old_values."description_fr" IS DISTINCT FROM (new_values."description_fr") OR old_values."email" IS DISTINCT FROM (new_values."email") OR old_values."founding_year" IS DISTINCT FROM (new_values."founding_year") OR old_values."headcount" IS DISTINCT FROM (new_values."headcount") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."institution_type" IS DISTINCT FROM (new_values."institution_type") OR old_values."is_demo" IS DISTINCT FROM (new_values."is_demo") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."lead_cluster_id" IS DISTINCT FROM (new_values."lead_cluster_id") OR old_values."logo" IS DISTINCT FROM (new_values."logo") OR old_values."naf_code" IS DISTINCT FROM (new_values."naf_code") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."national" IS DISTINCT FROM (new_values."national") OR old_values."phone" IS DISTINCT FROM (new_values."phone") OR old_values."rnsr_id" IS DISTINCT FROM (new_values."rnsr_id") OR old_values."ror_id" IS DISTINCT FROM (new_values."ror_id") OR old_values."siren" IS DISTINCT FROM (new_values."siren") OR old_values."size" IS DISTINCT FROM (new_values."size") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."status" IS DISTINCT FROM (new_values."status") OR old_values."successor_id" IS DISTINCT FROM (new_values."successor_id") OR old_values."uai_code" IS DISTINCT FROM (new_values."uai_code") OR old_values."verified_by_id" IS DISTINCT FROM (new_values."verified_by_id") OR old_values."verified_on" IS DISTINCT FROM (new_values."verified_on") OR old_values."verified_source" IS DISTINCT FROM (new_values."verified_source") OR old_values."website" IS DISTINCT FROM (new_values."website")) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='d5a9614d06f6f9a6cfdfe3c5eec546fa85e2ec14', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_f4b2a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationevent" ("acronym", "archived_on", "closed_on", "country", "created_at", "created_by_id", "description_en", "description_fr", "email", "founding_year", "headcount", "id", "institution_type", "is_demo", "kind", "lead_cluster_id", "logo", "naf_code", "name", "national", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "rnsr_id", "ror_id", "siren", "size", "slug", "status", "successor_id", "uai_code", "verified_by_id", "verified_on", "verified_source", "website") SELECT old_values."acronym", old_values."archived_on", old_values."closed_on", old_values."country", old_values."created_at", old_values."created_by_id", old_values."description_en", old_values."description_fr", old_values."email", old_values."founding_year", old_values."headcount", old_values."id", old_values."institution_type", old_values."is_demo", old_values."kind", old_values."lead_cluster_id", old_values."logo", old_values."naf_code", old_values."name", old_values."national", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."phone", old_values."rnsr_id", old_values."ror_id", old_values."siren", old_values."size", old_values."slug", old_values."status", old_values."successor_id", old_values."uai_code", old_values."verified_by_id", old_values."verified_on", old_values."verified_source", old_values."website" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e0f84505ce7b1ece6aa371f5c86a624f51b4328f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5a0df', referencing='REFERENCING OLD TABLE AS old_values ', table='members_organisation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationname',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationnameevent" ("id", "kind", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until") SELECT new_values."id", new_values."kind", new_values."name", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='40ff94ec027f35b8ebb7dc167cd3025820289967', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ba959', referencing='REFERENCING NEW TABLE AS new_values ', table='members_organisationname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationname',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationnameevent" ("id", "kind", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until") SELECT old_values."id", old_values."kind", old_values."name", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationnameevent" ("id", "kind", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until") SELECT new_values."id", new_values."kind", new_values."name", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='71569594e33a8a1566e785f59efeb35ef1ac32ad', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_24b45', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_organisationname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationname',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationnameevent" ("id", "kind", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "until") SELECT old_values."id", old_values."kind", old_values."name", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f30ee0905c1be206b81c85662e0bb371e93e27a2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e47d5', referencing='REFERENCING OLD TABLE AS old_values ', table='members_organisationname', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleassignment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_roleassignmentevent" ("cluster_id", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id", "valid_from", "valid_until") SELECT new_values."cluster_id", new_values."granted_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."role", new_values."user_id", new_values."valid_from", new_values."valid_until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fc96bc5ccde44fe95da586005e12501c3f5f5604', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_11c42', referencing='REFERENCING NEW TABLE AS new_values ', table='members_roleassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleassignment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_roleassignmentevent" ("cluster_id", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id", "valid_from", "valid_until") SELECT old_values."cluster_id", old_values."granted_by_id", old_values."id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."role", old_values."user_id", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_roleassignmentevent" ("cluster_id", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id", "valid_from", "valid_until") SELECT new_values."cluster_id", new_values."granted_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."role", new_values."user_id", new_values."valid_from", new_values."valid_until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='56ac0b8462515b38adae336cbc61bdc66933744a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c32e5', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_roleassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleassignment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_roleassignmentevent" ("cluster_id", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id", "valid_from", "valid_until") SELECT old_values."cluster_id", old_values."granted_by_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."user_id", old_values."valid_from", old_values."valid_until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d9a59038e966d8198d60542e37b80c83b90615e6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_156a2', referencing='REFERENCING OLD TABLE AS old_values ', table='members_roleassignment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='site',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_siteevent" ("address", "city", "country", "department_id", "head_office", "id", "latitude", "longitude", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "precision", "region_id", "siret") SELECT new_values."address", new_values."city", new_values."country", new_values."department_id", new_values."head_office", new_values."id", new_values."latitude", new_values."longitude", new_values."name", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."postcode", new_values."precision", new_values."region_id", new_values."siret" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fa73d86428c450d4dd36b802256d556cf662be61', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_39804', referencing='REFERENCING NEW TABLE AS new_values ', table='members_site', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='site',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_siteevent" ("address", "city", "country", "department_id", "head_office", "id", "latitude", "longitude", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "precision", "region_id", "siret") SELECT old_values."address", old_values."city", old_values."country", old_values."department_id", old_values."head_office", old_values."id", old_values."latitude", old_values."longitude", old_values."name", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."postcode", old_values."precision", old_values."region_id", old_values."siret" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_siteevent" ("address", "city", "country", "department_id", "head_office", "id", "latitude", "longitude", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "precision", "region_id", "siret") SELECT new_values."address", new_values."city", new_values."country", new_values."department_id", new_values."head_office", new_values."id", new_values."latitude", new_values."longitude", new_values."name", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."postcode", new_values."precision", new_values."region_id", new_values."siret" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='777e1059ecaf1e3d2e4dc9e170e543a375e873bd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c471b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_site', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='site',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_siteevent" ("address", "city", "country", "department_id", "head_office", "id", "latitude", "longitude", "name", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "precision", "region_id", "siret") SELECT old_values."address", old_values."city", old_values."country", old_values."department_id", old_values."head_office", old_values."id", old_values."latitude", old_values."longitude", old_values."name", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."postcode", old_values."precision", old_values."region_id", old_values."siret" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4b01fed50d6a373aa462556920c6bcc758611a40', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_98271', referencing='REFERENCING OLD TABLE AS old_values ', table='members_site', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='succession',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_successionevent" ("date", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "successor_id", "year") SELECT new_values."date", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."predecessor_id", new_values."successor_id", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3d26ef341ec4c14139c2c0b10566f26960b4cac1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_c4d4a', referencing='REFERENCING NEW TABLE AS new_values ', table='members_succession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='succession',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_successionevent" ("date", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "successor_id", "year") SELECT old_values."date", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."predecessor_id", old_values."successor_id", old_values."year" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_successionevent" ("date", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "successor_id", "year") SELECT new_values."date", new_values."id", new_values."kind", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."predecessor_id", new_values."successor_id", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='c22d65294eca23a70d1accff171e3b7c1be617cd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_85dc5', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_succession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='succession',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_successionevent" ("date", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "successor_id", "year") SELECT old_values."date", old_values."id", old_values."kind", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."predecessor_id", old_values."successor_id", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f61ad5e44083e0e58e560b7af26afa66a270b0dd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_8aa90', referencing='REFERENCING OLD TABLE AS old_values ', table='members_succession', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='theme',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_themeevent" ("description_en", "description_fr", "focus", "id", "name_en", "name_fr", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") SELECT new_values."description_en", new_values."description_fr", new_values."focus", new_values."id", new_values."name_en", new_values."name_fr", new_values."parent_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."slug" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c229d4350d5618aea17c533a3fdc63e27e5564e2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_229a1', referencing='REFERENCING NEW TABLE AS new_values ', table='members_theme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='theme',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_themeevent" ("description_en", "description_fr", "focus", "id", "name_en", "name_fr", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") SELECT old_values."description_en", old_values."description_fr", old_values."focus", old_values."id", old_values."name_en", old_values."name_fr", old_values."parent_id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."slug" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."description_en" IS DISTINCT FROM (new_values."description_en") OR old_values."description_fr" IS DISTINCT FROM (new_values."description_fr") OR old_values."focus" IS DISTINCT FROM (new_values."focus") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name_en" IS DISTINCT FROM (new_values."name_en") OR old_values."name_fr" IS DISTINCT FROM (new_values."name_fr") OR old_values."parent_id" IS DISTINCT FROM (new_values."parent_id") OR old_values."slug" IS DISTINCT FROM (new_values."slug")) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_themeevent" ("description_en", "description_fr", "focus", "id", "name_en", "name_fr", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") SELECT new_values."description_en", new_values."description_fr", new_values."focus", new_values."id", new_values."name_en", new_values."name_fr", new_values."parent_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."slug" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."description_en" IS DISTINCT FROM (new_values."description_en") OR old_values."description_fr" IS DISTINCT FROM (new_values."description_fr") OR old_values."focus" IS DISTINCT FROM (new_values."focus") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name_en" IS DISTINCT FROM (new_values."name_en") OR old_values."name_fr" IS DISTINCT FROM (new_values."name_fr") OR old_values."parent_id" IS DISTINCT FROM (new_values."parent_id") OR old_values."slug" IS DISTINCT FROM (new_values."slug")) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='0d8c4ad4eef1a05438af66e8d863edf5997d5289', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_48a69', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_theme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='theme',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_themeevent" ("description_en", "description_fr", "focus", "id", "name_en", "name_fr", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug") SELECT old_values."description_en", old_values."description_fr", old_values."focus", old_values."id", old_values."name_en", old_values."name_fr", old_values."parent_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."slug" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='cb20d3f7cd26ce1c628d02c20b3e922e03f3ca43', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_baedd', referencing='REFERENCING OLD TABLE AS old_values ', table='members_theme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitnumber',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_unitnumberevent" ("id", "label", "number", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."id", new_values."label", new_values."number", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2c03ffedd491c2b24d52affe1109f250e09169d7', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_65ff9', referencing='REFERENCING NEW TABLE AS new_values ', table='members_unitnumber', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitnumber',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_unitnumberevent" ("id", "label", "number", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."id", old_values."label", old_values."number", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'before\', old_values."id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_unitnumberevent" ("id", "label", "number", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."id", new_values."label", new_values."number", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='9a30768b64fb101af45e789cd4db9d1f2e7d3c8a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6a0d5', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_unitnumber', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unitnumber',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_unitnumberevent" ("id", "label", "number", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."id", old_values."label", old_values."number", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a2423169df78f03a10f2bb86357b1b691e278e58', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_35ed2', referencing='REFERENCING OLD TABLE AS old_values ', table='members_unitnumber', when='AFTER')),
        ),
        migrations.AddField(
            model_name='clusterevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='clusterevent',
            name='department',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.department', verbose_name='department of the head office'),
        ),
        migrations.AddField(
            model_name='clusterevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='clusterevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.cluster'),
        ),
        migrations.AddField(
            model_name='clusternameevent',
            name='cluster',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster'),
        ),
        migrations.AddField(
            model_name='clusternameevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='clusternameevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.clustername'),
        ),
        migrations.AddField(
            model_name='clusterregionevent',
            name='cluster',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster'),
        ),
        migrations.AddField(
            model_name='clusterregionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='clusterregionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.clusterregion'),
        ),
        migrations.AddField(
            model_name='clusterregionevent',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.region', verbose_name='region'),
        ),
        migrations.AddField(
            model_name='clusterthemesevent',
            name='cluster',
            field=models.ForeignKey(db_constraint=False, db_index=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster'),
        ),
        migrations.AddField(
            model_name='clusterthemesevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='clusterthemesevent',
            name='theme',
            field=models.ForeignKey(db_constraint=False, db_index=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.theme'),
        ),
        migrations.AddField(
            model_name='contactpersonevent',
            name='cluster',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='The cluster that speaks to this person. Its editors and the network see the person, nobody else does.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster', verbose_name='known to'),
        ),
        migrations.AddField(
            model_name='contactpersonevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='contactpersonevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='contactpersonevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.contactperson'),
        ),
        migrations.AddField(
            model_name='furthernumberevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='furthernumberevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='furthernumberevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.furthernumber'),
        ),
        migrations.AddField(
            model_name='labelperiodevent',
            name='cluster',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster'),
        ),
        migrations.AddField(
            model_name='labelperiodevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='labelperiodevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.labelperiod'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='cluster',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster', verbose_name='cluster'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation', verbose_name='organisation'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='membershipevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.membership'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='lead_cluster',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='The cluster whose editors keep the name, the sites and the description. Blank: the network.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster', verbose_name='kept by'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='successor',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation', verbose_name='taken over by'),
        ),
        migrations.AddField(
            model_name='organisationevent',
            name='verified_by',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster', verbose_name='verified by'),
        ),
        migrations.AddField(
            model_name='organisationnameevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='organisationnameevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='organisationnameevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.organisationname'),
        ),
        migrations.AddField(
            model_name='organisationsupervisorsevent',
            name='from_organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='organisationsupervisorsevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='organisationsupervisorsevent',
            name='to_organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='organisationthemesevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='organisationthemesevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='organisationthemesevent',
            name='theme',
            field=models.ForeignKey(db_constraint=False, db_index=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.theme'),
        ),
        migrations.AddField(
            model_name='roleassignmentevent',
            name='cluster',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster', verbose_name='cluster'),
        ),
        migrations.AddField(
            model_name='roleassignmentevent',
            name='granted_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by'),
        ),
        migrations.AddField(
            model_name='roleassignmentevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='roleassignmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.roleassignment'),
        ),
        migrations.AddField(
            model_name='roleassignmentevent',
            name='user',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='siteevent',
            name='department',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Or the collectivity overseas. Blank abroad, and where it is not known.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.department', verbose_name='department'),
        ),
        migrations.AddField(
            model_name='siteevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='siteevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='siteevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.site'),
        ),
        migrations.AddField(
            model_name='siteevent',
            name='region',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Needed only where the department is not known: it follows from that.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.region', verbose_name='region'),
        ),
        migrations.AddField(
            model_name='successionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='successionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.succession'),
        ),
        migrations.AddField(
            model_name='successionevent',
            name='predecessor',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster', verbose_name='predecessor'),
        ),
        migrations.AddField(
            model_name='successionevent',
            name='successor',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.cluster', verbose_name='successor'),
        ),
        migrations.AddField(
            model_name='themeevent',
            name='parent',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Leave blank for a domain.', limit_choices_to={'parent': None}, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.theme', verbose_name='domain'),
        ),
        migrations.AddField(
            model_name='themeevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='themeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.theme'),
        ),
        migrations.AddField(
            model_name='unitnumberevent',
            name='organisation',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='unitnumberevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='unitnumberevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.unitnumber'),
        ),
        migrations.AddField(
            model_name='organisationthemesevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.organisationthemes'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationthemes',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationthemesevent" ("id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id") SELECT new_values."id", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."theme_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ad5322509674ecf2b674d6eb18b4e60e41262d64', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_0605d', referencing='REFERENCING NEW TABLE AS new_values ', table='members_organisation_themes', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationthemes',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationthemesevent" ("id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id") SELECT old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."theme_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationthemesevent" ("id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id") SELECT new_values."id", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."theme_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='f119519673a6d4026f8dad941bc2ae339abb4cf0', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_790ca', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_organisation_themes', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationthemes',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationthemesevent" ("id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id") SELECT old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."theme_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='177d9f2d61e80c2b7c7c6caa2cf1f69dc4becdc2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_4f49a', referencing='REFERENCING OLD TABLE AS old_values ', table='members_organisation_themes', when='AFTER')),
        ),
        migrations.AddField(
            model_name='organisationsupervisorsevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.organisationsupervisors'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationsupervisors',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationsupervisorsevent" ("from_organisation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_organisation_id") SELECT new_values."from_organisation_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."to_organisation_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='120eedeae4b9b62bdcc05802ac413fb5a4d1ee33', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_00ae4', referencing='REFERENCING NEW TABLE AS new_values ', table='members_organisation_supervisors', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationsupervisors',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationsupervisorsevent" ("from_organisation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_organisation_id") SELECT old_values."from_organisation_id", old_values."id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."to_organisation_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationsupervisorsevent" ("from_organisation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_organisation_id") SELECT new_values."from_organisation_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."to_organisation_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='5bc0e6d1b02bc674aeeff31ae5d0aa602869f57f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9000a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_organisation_supervisors', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisationsupervisors',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_organisationsupervisorsevent" ("from_organisation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "to_organisation_id") SELECT old_values."from_organisation_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."to_organisation_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9ffe2f9fca173b220dff585d11ca87e50e48ac40', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_625f7', referencing='REFERENCING OLD TABLE AS old_values ', table='members_organisation_supervisors', when='AFTER')),
        ),
        migrations.AddField(
            model_name='clusterthemesevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='members.clusterthemes'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clusterthemes',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterthemesevent" ("cluster_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id") SELECT new_values."cluster_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."theme_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='17c2d9846205d2ee30346b4a4df15ba559c528ad', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_87ee7', referencing='REFERENCING NEW TABLE AS new_values ', table='members_cluster_themes', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clusterthemes',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterthemesevent" ("cluster_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id") SELECT old_values."cluster_id", old_values."id", _pgh_attached_context.value, NOW(), \'before\', old_values."id", old_values."theme_id" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; $event$; EXECUTE $event$WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterthemesevent" ("cluster_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id") SELECT new_values."cluster_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."theme_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; $event$; RETURN NULL;', hash='4d86aa698a9df58eca7e928d3fe03700e5cda8e3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2b9b5', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='members_cluster_themes', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clusterthemes',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "members_clusterthemesevent" ("cluster_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "theme_id") SELECT old_values."cluster_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."theme_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6fe29f3cbe453d6d3d1c94e425979bc122f347b2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_91ea9', referencing='REFERENCING OLD TABLE AS old_values ', table='members_cluster_themes', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='clusterevent',
            index=models.Index(fields=['pgh_created_at'], name='cluster_ev_when'),
        ),
        migrations.AddIndex(
            model_name='clusterevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='cluster_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='clusternameevent',
            index=models.Index(fields=['pgh_created_at'], name='clustername_ev_when'),
        ),
        migrations.AddIndex(
            model_name='clusternameevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='clustername_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='clusternameevent',
            index=models.Index(fields=['cluster'], name='clustername_ev_cluste'),
        ),
        migrations.AddIndex(
            model_name='clusterregionevent',
            index=models.Index(fields=['pgh_created_at'], name='clusterregion_ev_when'),
        ),
        migrations.AddIndex(
            model_name='clusterregionevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='clusterregion_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='clusterregionevent',
            index=models.Index(fields=['cluster'], name='clusterregion_ev_cluste'),
        ),
        migrations.AddIndex(
            model_name='contactpersonevent',
            index=models.Index(fields=['pgh_created_at'], name='contactperson_ev_when'),
        ),
        migrations.AddIndex(
            model_name='contactpersonevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='contactperson_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='contactpersonevent',
            index=models.Index(fields=['organisation'], name='contactperson_ev_organi'),
        ),
        migrations.AddIndex(
            model_name='furthernumberevent',
            index=models.Index(fields=['pgh_created_at'], name='furthernumber_ev_when'),
        ),
        migrations.AddIndex(
            model_name='furthernumberevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='furthernumber_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='furthernumberevent',
            index=models.Index(fields=['organisation'], name='furthernumber_ev_organi'),
        ),
        migrations.AddIndex(
            model_name='labelperiodevent',
            index=models.Index(fields=['pgh_created_at'], name='labelperiod_ev_when'),
        ),
        migrations.AddIndex(
            model_name='labelperiodevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='labelperiod_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='labelperiodevent',
            index=models.Index(fields=['cluster'], name='labelperiod_ev_cluste'),
        ),
        migrations.AddIndex(
            model_name='membershipevent',
            index=models.Index(fields=['pgh_created_at'], name='membership_ev_when'),
        ),
        migrations.AddIndex(
            model_name='membershipevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='membership_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='membershipevent',
            index=models.Index(fields=['organisation'], name='membership_ev_organi'),
        ),
        migrations.AddIndex(
            model_name='organisationevent',
            index=models.Index(fields=['pgh_created_at'], name='organisation_ev_when'),
        ),
        migrations.AddIndex(
            model_name='organisationevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='organisation_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='organisationnameevent',
            index=models.Index(fields=['pgh_created_at'], name='organisationname_ev_when'),
        ),
        migrations.AddIndex(
            model_name='organisationnameevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='organisationname_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='organisationnameevent',
            index=models.Index(fields=['organisation'], name='organisationname_ev_organi'),
        ),
        migrations.AddIndex(
            model_name='roleassignmentevent',
            index=models.Index(fields=['pgh_created_at'], name='roleassignment_ev_when'),
        ),
        migrations.AddIndex(
            model_name='roleassignmentevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='roleassignment_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='roleassignmentevent',
            index=models.Index(fields=['user'], name='roleassignment_ev_user'),
        ),
        migrations.AddIndex(
            model_name='siteevent',
            index=models.Index(fields=['pgh_created_at'], name='site_ev_when'),
        ),
        migrations.AddIndex(
            model_name='siteevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='site_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='siteevent',
            index=models.Index(fields=['organisation'], name='site_ev_organi'),
        ),
        migrations.AddIndex(
            model_name='successionevent',
            index=models.Index(fields=['pgh_created_at'], name='succession_ev_when'),
        ),
        migrations.AddIndex(
            model_name='successionevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='succession_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='successionevent',
            index=models.Index(fields=['predecessor'], name='succession_ev_predec'),
        ),
        migrations.AddIndex(
            model_name='successionevent',
            index=models.Index(fields=['successor'], name='succession_ev_succes'),
        ),
        migrations.AddIndex(
            model_name='themeevent',
            index=models.Index(fields=['pgh_created_at'], name='theme_ev_when'),
        ),
        migrations.AddIndex(
            model_name='themeevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='theme_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='unitnumberevent',
            index=models.Index(fields=['pgh_created_at'], name='unitnumber_ev_when'),
        ),
        migrations.AddIndex(
            model_name='unitnumberevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='unitnumber_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='unitnumberevent',
            index=models.Index(fields=['organisation'], name='unitnumber_ev_organi'),
        ),
        migrations.AddIndex(
            model_name='organisationthemesevent',
            index=models.Index(fields=['pgh_created_at'], name='organisationthem_ev_when'),
        ),
        migrations.AddIndex(
            model_name='organisationthemesevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='organisationthem_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='organisationthemesevent',
            index=models.Index(fields=['organisation'], name='organisationthem_ev_organi'),
        ),
        migrations.AddIndex(
            model_name='organisationsupervisorsevent',
            index=models.Index(fields=['pgh_created_at'], name='organisationsupe_ev_when'),
        ),
        migrations.AddIndex(
            model_name='organisationsupervisorsevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='organisationsupe_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='organisationsupervisorsevent',
            index=models.Index(fields=['from_organisation'], name='organisationsupe_ev_from_o'),
        ),
        migrations.AddIndex(
            model_name='clusterthemesevent',
            index=models.Index(fields=['pgh_created_at'], name='clusterthemes_ev_when'),
        ),
        migrations.AddIndex(
            model_name='clusterthemesevent',
            index=models.Index(condition=models.Q(('pgh_context', None)), fields=['pgh_created_at'], name='clusterthemes_ev_unknown'),
        ),
        migrations.AddIndex(
            model_name='clusterthemesevent',
            index=models.Index(fields=['cluster'], name='clusterthemes_ev_cluste'),
        ),
        migrations.RunSQL(only_added_to(*EVENTS), migrations.RunSQL.noop),
    ]

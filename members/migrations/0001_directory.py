"""Places, themes, clusters, organisations and what ties them together, with their constraints."""

import cluster_portal.records.ordering
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import members.identifiers
import members.logos
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('portal', '0002_texts_and_memory'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='slug')),
                ('locative_fr', models.CharField(blank=True, help_text='As it reads in a sentence: « dans le Rhône », « en Isère », « à Paris ».', max_length=80, verbose_name='“in the department”, in French')),
                ('insee_code', models.CharField(max_length=3, unique=True, verbose_name='INSEE code')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(cluster_portal.records.ordering.Unaccent('name')), output_field=models.TextField(db_collation='C'))),
            ],
            options={
                'verbose_name': 'department',
                'verbose_name_plural': 'departments',
                'ordering': ['sort_name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                ('slug', models.SlugField(max_length=60, unique=True, verbose_name='slug')),
                ('locative_fr', models.CharField(blank=True, help_text='As it reads in a sentence: « en Bretagne », « dans le Grand Est ».', max_length=80, verbose_name='“in the region”, in French')),
                ('insee_code', models.CharField(max_length=2, unique=True, verbose_name='INSEE code')),
                ('iso_code', models.CharField(blank=True, max_length=6, verbose_name='ISO 3166-2 code')),
                ('nuts_code', models.CharField(blank=True, max_length=20, verbose_name='NUTS code')),
                ('shape_code', models.CharField(blank=True, max_length=6, verbose_name='code of its outline on the map')),
                ('overseas', models.BooleanField(default=False, verbose_name='overseas')),
                ('population', models.PositiveIntegerField(blank=True, null=True, verbose_name='population')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(cluster_portal.records.ordering.Unaccent('name')), output_field=models.TextField(db_collation='C'))),
            ],
            options={
                'verbose_name': 'region',
                'verbose_name_plural': 'regions',
                'ordering': ['sort_name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Cluster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('archived', 'Archived')], default='draft', max_length=10, verbose_name='status')),
                ('archived_on', models.DateField(blank=True, null=True, verbose_name='archived on')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='updated')),
                ('name', models.CharField(max_length=120, unique=True, verbose_name='name')),
                ('acronym', models.CharField(blank=True, max_length=30, verbose_name='acronym')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='slug')),
                ('presentation_fr', models.TextField(blank=True, verbose_name='presentation in French')),
                ('presentation_en', models.TextField(blank=True, verbose_name='presentation in English')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='town of the head office')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='longitude')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('email', models.EmailField(blank=True, help_text='The cluster’s address, not a person’s.', max_length=254, verbose_name='general e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='general phone')),
                ('logo', models.ImageField(blank=True, help_text='PNG, JPEG or WebP, at most 512 kB. Any shape: it is fitted, never stretched.', upload_to='logos/clusters/', validators=[members.logos.validate_logo], verbose_name='logo')),
                ('founding_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1800), django.core.validators.MaxValueValidator(2100)], verbose_name='founding year')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(cluster_portal.records.ordering.Unaccent('name')), output_field=models.TextField(db_collation='C'))),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('updated_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='updated by')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clusters', to='members.department', verbose_name='department of the head office')),
            ],
            options={
                'verbose_name': 'cluster',
                'verbose_name_plural': 'clusters',
                'ordering': ['sort_name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('archived', 'Archived')], default='draft', max_length=10, verbose_name='status')),
                ('archived_on', models.DateField(blank=True, null=True, verbose_name='archived on')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='updated')),
                ('kind', models.CharField(choices=[('company', 'Company'), ('laboratory', 'Laboratory'), ('institution', 'Institution')], max_length=11, verbose_name='kind')),
                ('name', models.CharField(max_length=250, verbose_name='name')),
                ('acronym', models.CharField(blank=True, max_length=30, verbose_name='acronym')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='slug')),
                ('description_fr', models.TextField(blank=True, verbose_name='description in French')),
                ('description_en', models.TextField(blank=True, verbose_name='description in English')),
                ('founding_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1100), django.core.validators.MaxValueValidator(2100)], verbose_name='founding year')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('email', models.EmailField(blank=True, help_text='The organisation’s address, not a person’s.', max_length=254, verbose_name='general e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='general phone')),
                ('logo', models.ImageField(blank=True, help_text='PNG, JPEG or WebP, at most 512 kB. Any shape: it is fitted, never stretched.', upload_to='logos/organisations/', validators=[members.logos.validate_logo], verbose_name='logo')),
                ('national', models.BooleanField(default=False, help_text='It is then found in every region, and its page says so.', verbose_name='works nationwide')),
                ('country', models.CharField(default='FR', help_text='Two letters (ISO 3166). Foreign partners have a page and no French site.', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}$', 'A country is two capital letters, such as FR or DE.')], verbose_name='country')),
                ('siren', models.CharField(blank=True, max_length=9, validators=[members.identifiers.validate_siren], verbose_name='SIREN')),
                ('ror_id', models.CharField(blank=True, max_length=9, validators=[members.identifiers.validate_ror], verbose_name='ROR')),
                ('size', models.CharField(blank=True, choices=[('micro', 'Micro-enterprise'), ('sme', 'SME'), ('midcap', 'Mid-cap'), ('large', 'Large company')], max_length=6, verbose_name='size')),
                ('naf_code', models.CharField(blank=True, max_length=6, validators=[django.core.validators.RegexValidator('^\\d{2}\\.\\d{2}[A-Z]$', 'A NAF code reads like 29.10Z.')], verbose_name='NAF code')),
                ('headcount', models.CharField(blank=True, choices=[('00', 'no employee'), ('01', '1 or 2 people'), ('02', '3 to 5 people'), ('03', '6 to 9 people'), ('11', '10 to 19 people'), ('12', '20 to 49 people'), ('21', '50 to 99 people'), ('22', '100 to 199 people'), ('31', '200 to 249 people'), ('32', '250 to 499 people'), ('41', '500 to 999 people'), ('42', '1,000 to 1,999 people'), ('51', '2,000 to 4,999 people'), ('52', '5,000 to 9,999 people'), ('53', '10,000 people or more')], max_length=2, verbose_name='headcount')),
                ('rnsr_id', models.CharField(blank=True, max_length=10, validators=[members.identifiers.validate_rnsr], verbose_name='RNSR')),
                ('uai_code', models.CharField(blank=True, max_length=8, validators=[members.identifiers.validate_uai], verbose_name='UAI')),
                ('institution_type', models.CharField(blank=True, choices=[('higher_education', 'Higher education'), ('training', 'Training'), ('authority', 'Public authority'), ('support', 'Support network or cluster partner'), ('funder', 'Funder')], max_length=16, verbose_name='type')),
                ('closed_on', models.DateField(blank=True, help_text='The day the organisation ceased.', null=True, verbose_name='closed on')),
                ('verified_on', models.DateField(blank=True, null=True, verbose_name='last verified')),
                ('verified_source', models.CharField(blank=True, max_length=200, verbose_name='source of the verification')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='invented (demo network)')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(cluster_portal.records.ordering.Unaccent('name')), output_field=models.TextField(db_collation='C'))),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='predecessors', to='members.organisation', verbose_name='taken over by')),
                ('supervisors', models.ManyToManyField(blank=True, related_name='supervised', to='members.organisation', verbose_name='supervising bodies')),
                ('updated_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='updated by')),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='verifications', to='members.cluster', verbose_name='verified by')),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisations',
                'ordering': ['sort_name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ContactPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('role', models.CharField(blank=True, max_length=120, verbose_name='role')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('agreed_on', models.DateField(blank=True, help_text='Leave blank to keep this person private.', null=True, verbose_name='agreed to be shown on')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='members.organisation')),
            ],
            options={
                'verbose_name': 'contact person',
                'verbose_name_plural': 'contact persons',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Company',
            fields=[
            ],
            options={
                'verbose_name': 'company',
                'verbose_name_plural': 'companies',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('members.organisation',),
        ),
        migrations.CreateModel(
            name='Institution',
            fields=[
            ],
            options={
                'verbose_name': 'institution',
                'verbose_name_plural': 'institutions',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('members.organisation',),
        ),
        migrations.CreateModel(
            name='Laboratory',
            fields=[
            ],
            options={
                'verbose_name': 'laboratory',
                'verbose_name_plural': 'laboratories',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('members.organisation',),
        ),
        migrations.AddField(
            model_name='department',
            name='region',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='members.region', verbose_name='region'),
        ),
        migrations.CreateModel(
            name='ClusterRegion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(default=0, help_text='0 is the main one.', verbose_name='rank')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cluster_regions', to='members.cluster')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='region_clusters', to='members.region', verbose_name='region')),
            ],
            options={
                'verbose_name': 'region of the cluster',
                'verbose_name_plural': 'regions of the cluster',
                'ordering': ['rank', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='cluster',
            name='regions',
            field=models.ManyToManyField(related_name='clusters', through='members.ClusterRegion', to='members.region', verbose_name='regions'),
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name of the site')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('postcode', models.CharField(blank=True, max_length=5, validators=[django.core.validators.RegexValidator('^\\d{5}$', 'A postcode has five digits.')], verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='town')),
                ('latitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='latitude')),
                ('longitude', models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name='longitude')),
                ('precision', models.CharField(blank=True, choices=[('address', 'Address'), ('city', 'Town'), ('department', 'Department')], max_length=10, verbose_name='precision of the coordinates')),
                ('siret', models.CharField(blank=True, max_length=14, validators=[members.identifiers.validate_siret], verbose_name='SIRET')),
                ('head_office', models.BooleanField(default=False, verbose_name='head office')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sites', to='members.department', verbose_name='department')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sites', to='members.organisation')),
            ],
            options={
                'verbose_name': 'site',
                'verbose_name_plural': 'sites',
                'ordering': ['-head_office', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Succession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('merger', 'Merger'), ('absorption', 'Absorption'), ('renaming', 'Renaming'), ('split', 'Split')], max_length=10, verbose_name='kind')),
                ('date', models.DateField(blank=True, help_text='Blank when unknown.', null=True, verbose_name='date')),
                ('year', models.PositiveSmallIntegerField(blank=True, help_text='When only the year is known.', null=True, verbose_name='year')),
                ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='successions', to='members.cluster', verbose_name='predecessor')),
                ('successor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='origins', to='members.cluster', verbose_name='successor')),
            ],
            options={
                'verbose_name': 'succession',
                'verbose_name_plural': 'successions',
                'ordering': ['date', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=80, unique=True, verbose_name='name in French')),
                ('name_en', models.CharField(blank=True, max_length=80, verbose_name='name in English')),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='slug')),
                ('description_fr', models.TextField(blank=True, verbose_name='description in French')),
                ('description_en', models.TextField(blank=True, verbose_name='description in English')),
                ('focus', models.BooleanField(default=False, help_text='Shown on the home page with the clusters that work on it.', verbose_name='sector in focus')),
                ('sort_name_fr', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(cluster_portal.records.ordering.Unaccent('name_fr')), output_field=models.TextField(db_collation='C'))),
                ('sort_name_en', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(cluster_portal.records.ordering.Unaccent('name_en')), output_field=models.TextField(db_collation='C'))),
                ('parent', models.ForeignKey(blank=True, help_text='Leave blank for a domain.', limit_choices_to={'parent': None}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='themes', to='members.theme', verbose_name='domain')),
            ],
            options={
                'verbose_name': 'theme',
                'verbose_name_plural': 'themes',
                'ordering': ['sort_name_fr', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='organisation',
            name='themes',
            field=models.ManyToManyField(blank=True, related_name='organisations', to='members.theme', verbose_name='themes'),
        ),
        migrations.AddField(
            model_name='cluster',
            name='themes',
            field=models.ManyToManyField(blank=True, related_name='clusters', to='members.theme', verbose_name='themes'),
        ),
        migrations.CreateModel(
            name='ClusterName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('kind', models.CharField(choices=[('former', 'Former name'), ('alternative', 'Other name')], default='alternative', max_length=12, verbose_name='kind')),
                ('until', models.DateField(blank=True, null=True, verbose_name='used until')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='members.cluster')),
            ],
            options={
                'verbose_name': 'other name',
                'verbose_name_plural': 'other names',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('cluster', 'name'), name='members_clustername_once', violation_error_message='This name is already in the list.'), models.CheckConstraint(condition=models.Q(('kind__in', ['former', 'alternative'])), name='members_clustername_kind_known', violation_error_message='Choose one of the values offered.')],
            },
        ),
        migrations.CreateModel(
            name='LabelPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phase', models.PositiveSmallIntegerField(choices=[(1, 'I'), (2, 'II'), (3, 'III'), (4, 'IV'), (5, 'V')], verbose_name='phase')),
                ('start', models.DateField(verbose_name='first day')),
                ('end', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('probationary', models.BooleanField(default=False, verbose_name='probationary')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='source')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='label_periods', to='members.cluster')),
            ],
            options={
                'verbose_name': 'label period',
                'verbose_name_plural': 'label periods',
                'ordering': ['start', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('phase__in', (1, 2, 3, 4, 5))), name='members_labelperiod_phase_known', violation_error_message='The phase is I to V.'), models.CheckConstraint(condition=models.Q(('end', None), ('end__gte', models.F('start')), _connector='OR'), name='members_labelperiod_dates_in_order', violation_error_message='The last day of a label is on or after its first day.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('cluster', '='), (models.Func(models.F('start'), models.F('end'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='members_labelperiod_no_overlap', violation_error_message='This cluster already holds a label for part of that period.')],
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_document', serialize=False, to='members.organisation')),
                ('document', django.contrib.postgres.search.SearchVectorField()),
                ('names', models.TextField(help_text='|name|acronym|other name|, folded')),
            ],
            options={
                'verbose_name': 'search document',
                'verbose_name_plural': 'search documents',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['document'], name='members_search_words'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('names', config='simple'), name='members_search_names')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(blank=True, help_text='The college or category in the cluster’s own words.', max_length=60, verbose_name='category')),
                ('joined_on', models.DateField(blank=True, null=True, verbose_name='joined on')),
                ('left_on', models.DateField(blank=True, help_text='Blank: still a member.', null=True, verbose_name='left on')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='members.cluster', verbose_name='cluster')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='members.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
                'ordering': ['joined_on', 'pk'],
                'indexes': [models.Index(fields=['-joined_on'], name='members_membership_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('left_on', None), ('joined_on', None), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='members_membership_dates_in_order', violation_error_message='A member leaves on or after the day it joined.'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('organisation', '='), ('cluster', '='), (models.Func(models.F('joined_on'), models.F('left_on'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='members_membership_no_overlap', violation_error_message='This organisation is already a member of this cluster for part of that time.')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=250, verbose_name='name')),
                ('kind', models.CharField(choices=[('former', 'Former name'), ('trade', 'Trade name')], default='former', max_length=6, verbose_name='kind')),
                ('until', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='used until (year)')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='members.organisation')),
            ],
            options={
                'verbose_name': 'other name',
                'verbose_name_plural': 'other names',
                'ordering': ['-until', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'name'), name='members_organisationname_once', violation_error_message='This name is already in the list.'), models.CheckConstraint(condition=models.Q(('kind__in', ['former', 'trade'])), name='members_organisationname_kind_known', violation_error_message='Choose one of the values offered.')],
            },
        ),
        migrations.AddConstraint(
            model_name='clusterregion',
            constraint=models.UniqueConstraint(fields=('cluster', 'region'), name='members_clusterregion_once', violation_error_message='This region is already in the list.'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None), ('precision', '')), models.Q(('latitude__isnull', False), ('longitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__range', (-180, 180)), ('precision__in', ('address', 'city', 'department'))), _connector='OR'), name='members_site_coordinates_with_precision', violation_error_message='Give latitude (-90 to 90), longitude (-180 to 180) and their precision, or none of the three.'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.UniqueConstraint(condition=models.Q(('head_office', True)), fields=('organisation',), name='members_site_one_head_office', violation_error_message='An organisation has one head office.'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.UniqueConstraint(condition=models.Q(('siret', ''), _negated=True), fields=('organisation', 'siret'), name='members_site_siret_once', violation_error_message='Another site of this organisation has this SIRET.'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['merger', 'absorption', 'renaming', 'split'])), name='members_succession_kind_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='members_succession_two_clusters', violation_error_message='A cluster cannot succeed itself.'),
        ),
        migrations.AddConstraint(
            model_name='succession',
            constraint=models.UniqueConstraint(fields=('predecessor', 'successor'), name='members_succession_once', violation_error_message='This succession is already recorded.'),
        ),
        migrations.AddConstraint(
            model_name='theme',
            constraint=models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='members_theme_not_its_own_domain', violation_error_message='A theme cannot be its own domain.'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['sort_name', 'id'], name='members_organisation_by_name'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['-verified_on', 'id'], name='members_organisation_verified'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['verified_by'], name='members_organisation_verifier'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(condition=models.Q(('is_demo', True)), fields=['id'], name='members_organisation_demo'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'archived'])), name='members_organisation_status_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['company', 'laboratory', 'institution'])), name='members_organisation_kind_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('size__in', ['micro', 'sme', 'midcap', 'large', ''])), name='members_organisation_size_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('headcount__in', ['00', '01', '02', '03', '11', '12', '21', '22', '31', '32', '41', '42', '51', '52', '53', ''])), name='members_organisation_headcount_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('institution_type__in', ['higher_education', 'training', 'authority', 'support', 'funder', ''])), name='members_organisation_institution_type_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'company'), models.Q(('headcount', ''), ('naf_code', ''), ('size', '')), _connector='OR'), name='members_organisation_company_only', violation_error_message='Size, NAF code and headcount are for companies only.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'laboratory'), ('rnsr_id', ''), _connector='OR'), name='members_organisation_laboratory_only', violation_error_message='An RNSR number is for laboratories only.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'institution'), models.Q(('institution_type', ''), ('uai_code', '')), _connector='OR'), name='members_organisation_institution_only', violation_error_message='UAI code and type are for institutions only.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('successor', None), models.Q(('successor', models.F('id')), _negated=True), _connector='OR'), name='members_organisation_not_its_own_successor', violation_error_message='An organisation cannot take itself over.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('siren', ''), _negated=True), ('kind', 'company'), models.Q(('status', 'archived'), _negated=True)), fields=('siren',), name='members_organisation_siren_once', violation_error_message='Another company already has this SIREN.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('rnsr_id', ''), _negated=True), models.Q(('status', 'archived'), _negated=True)), fields=('rnsr_id',), name='members_organisation_rnsr_once', violation_error_message='Another laboratory already has this RNSR number.'),
        ),
        migrations.AddConstraint(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'archived'])), name='members_cluster_status_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude', None), ('longitude', None)), models.Q(('latitude__isnull', False), ('latitude__range', (-90, 90)), ('longitude__isnull', False), ('longitude__range', (-180, 180))), _connector='OR'), name='members_cluster_coordinates_paired', violation_error_message='Give both latitude (-90 to 90) and longitude (-180 to 180), or neither.'),
        ),
    ]

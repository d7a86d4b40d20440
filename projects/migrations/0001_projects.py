"""Programmes, projects, who takes part, what came of them and what was declared, with their constraints."""

import cluster_portal.records.ordering
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('members', '0001_directory'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('archived', 'Archived')], default='draft', max_length=10, verbose_name='status')),
                ('archived_on', models.DateField(blank=True, null=True, verbose_name='archived on')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='updated')),
                ('acronym', models.CharField(blank=True, max_length=60, verbose_name='acronym')),
                ('title_fr', models.CharField(blank=True, max_length=250, verbose_name='title in French')),
                ('title_en', models.CharField(blank=True, max_length=250, verbose_name='title in English')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='slug')),
                ('summary_fr', models.TextField(blank=True, verbose_name='summary in French')),
                ('summary_en', models.TextField(blank=True, verbose_name='summary in English')),
                ('start', models.DateField(blank=True, null=True, verbose_name='first day')),
                ('end', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('website', models.URLField(blank=True, verbose_name='official page')),
                ('national', models.BooleanField(default=False, help_text='It is then found in every region, and its page says so.', verbose_name='works nationwide')),
                ('total_cost', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='total cost')),
                ('public_funding', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='public funding')),
                ('private_investment', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(models.F('total_cost'), '-', models.F('public_funding')), output_field=models.DecimalField(decimal_places=2, max_digits=14), verbose_name='private investment')),
                ('stated', models.CharField(blank=True, choices=[('planned', 'In preparation'), ('labelled', 'Labelled'), ('funded', 'Funded'), ('running', 'Running'), ('finished', 'Finished'), ('abandoned', 'Abandoned')], max_length=9, verbose_name='state, if not the one that the dates say')),
                ('stated_on', models.DateField(blank=True, null=True, verbose_name='in that state since')),
                ('stated_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='invented (demo network)')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(cluster_portal.records.ordering.Unaccent(models.Case(models.When(acronym='', then=models.F('title_fr')), default=models.F('acronym')))), output_field=models.TextField(db_collation='C'))),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('themes', models.ManyToManyField(blank=True, related_name='projects', to='members.theme', verbose_name='themes')),
                ('updated_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='updated by')),
            ],
            options={
                'verbose_name': 'project',
                'verbose_name_plural': 'projects',
                'ordering': ['sort_name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Funder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=120, unique=True, verbose_name='name in French')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='name in English')),
                ('acronym', models.CharField(blank=True, max_length=20, verbose_name='acronym')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='slug')),
                ('level', models.CharField(choices=[('europe', 'Europe'), ('state', 'State'), ('region', 'Region'), ('other', 'Other')], max_length=6, verbose_name='level')),
                ('website', models.URLField(blank=True, verbose_name='website')),
            ],
            options={
                'verbose_name': 'funder',
                'verbose_name_plural': 'funders',
                'ordering': ['name_fr', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__in', ['europe', 'state', 'region', 'other'])), name='projects_funder_level_known', violation_error_message='Choose one of the values offered.')],
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_fr', models.CharField(max_length=150, unique=True, verbose_name='name in French')),
                ('name_en', models.CharField(blank=True, max_length=150, verbose_name='name in English')),
                ('acronym', models.CharField(blank=True, max_length=30, verbose_name='acronym')),
                ('slug', models.SlugField(max_length=120, unique=True, verbose_name='slug')),
                ('first_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1950), django.core.validators.MaxValueValidator(2100)], verbose_name='first year')),
                ('last_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1950), django.core.validators.MaxValueValidator(2100)], verbose_name='last year')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('sort_name', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Lower(cluster_portal.records.ordering.Unaccent('name_fr')), output_field=models.TextField(db_collation='C'))),
                ('funder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='programmes', to='projects.funder', verbose_name='funder')),
            ],
            options={
                'verbose_name': 'programme',
                'verbose_name_plural': 'programmes',
                'ordering': ['sort_name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProjectDocument',
            fields=[
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_document', serialize=False, to='projects.project')),
                ('document', django.contrib.postgres.search.SearchVectorField()),
                ('names', models.TextField(help_text='|acronym|title|other title|, folded')),
            ],
            options={
                'verbose_name': 'search document of a project',
                'verbose_name_plural': 'search documents of projects',
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('coordinator', 'Coordinator'), ('partner', 'Partner')], default='partner', max_length=11, verbose_name='role')),
                ('cost', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='cost')),
                ('public_funding', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='public funding')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='members.organisation', verbose_name='organisation')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participations', to='projects.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'participation',
                'verbose_name_plural': 'participations',
                'ordering': ['role', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('product', 'Product'), ('service', 'Service'), ('process', 'Process'), ('patent', 'Patent'), ('publication', 'Publication'), ('start_up', 'Start-up')], max_length=11, verbose_name='kind')),
                ('title_fr', models.CharField(max_length=250, verbose_name='title in French')),
                ('title_en', models.CharField(blank=True, max_length=250, verbose_name='title in English')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                ('link', models.URLField(blank=True, verbose_name='link')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='projects.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'outcome',
                'verbose_name_plural': 'outcomes',
                'ordering': ['year', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Funding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='amount')),
                ('date', models.DateField(verbose_name='decided on')),
                ('funder', models.ForeignKey(blank=True, help_text='Blank: the funder of the programme.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fundings', to='projects.funder', verbose_name='funder')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fundings', to='projects.programme', verbose_name='programme')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fundings', to='projects.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'funding',
                'verbose_name_plural': 'fundings',
                'ordering': ['date', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProjectLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lead', 'Lead cluster'), ('co', 'Co-labelling cluster')], default='lead', max_length=4, verbose_name='role')),
                ('date', models.DateField(verbose_name='labelled on')),
                ('cluster', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='project_labels', to='members.cluster', verbose_name='cluster')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='projects.project', verbose_name='project')),
            ],
            options={
                'verbose_name': 'project label',
                'verbose_name_plural': 'project labels',
                'ordering': ['-role', 'date', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DeclaredFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(choices=[('clusters', 'Labelled clusters'), ('members', 'Members'), ('companies', 'Member companies'), ('laboratories', 'Laboratories and institutions'), ('labelled', 'Labelled projects'), ('funded', 'Funded projects'), ('investment', 'Investment in projects'), ('public', 'Public funding of projects'), ('leverage', 'Private euros for one public euro')], max_length=12, verbose_name='indicator')),
                ('value', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='value')),
                ('unit', models.CharField(choices=[('count', 'number'), ('euro', 'euros'), ('ratio', 'euros for one euro')], default='count', max_length=5, verbose_name='unit')),
                ('year', models.PositiveSmallIntegerField(blank=True, help_text='Blank when the source does not say.', null=True, validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                ('source', models.CharField(max_length=250, verbose_name='source')),
                ('link', models.URLField(blank=True, verbose_name='link')),
                ('note_fr', models.CharField(blank=True, max_length=250, verbose_name='what it counts, in French')),
                ('note_en', models.CharField(blank=True, max_length=250, verbose_name='what it counts, in English')),
                ('cluster', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='declared_figures', to='members.cluster', verbose_name='cluster')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='declared_figures', to='members.region', verbose_name='region')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='declared_figures', to='members.theme', verbose_name='theme')),
            ],
            options={
                'verbose_name': 'declared figure',
                'verbose_name_plural': 'declared figures',
                'ordering': ['indicator', '-year', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('indicator__in', ['clusters', 'members', 'companies', 'laboratories', 'labelled', 'funded', 'investment', 'public', 'leverage'])), name='projects_declaredfigure_indicator_known', violation_error_message='Choose one of the values offered.'), models.CheckConstraint(condition=models.Q(('unit__in', ['count', 'euro', 'ratio'])), name='projects_declaredfigure_unit_known', violation_error_message='Choose one of the values offered.'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='projects_declaredfigure_sourced', violation_error_message='A declared figure names its source.'), models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='projects_declaredfigure_not_negative', violation_error_message='A figure is never negative.'), models.CheckConstraint(condition=models.Q(models.Q(('cluster', None), ('region', None)), models.Q(('cluster', None), ('theme', None)), models.Q(('region', None), ('theme', None)), _connector='OR'), name='projects_declaredfigure_one_scope', violation_error_message='Choose a cluster, a region or a theme, not several.')],
            },
        ),
        migrations.AddConstraint(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(('first_year', None), ('last_year', None), ('last_year__gte', models.F('first_year')), _connector='OR'), name='projects_programme_years_in_order', violation_error_message='A programme ends in or after the year it begins.'),
        ),
        migrations.AddIndex(
            model_name='projectdocument',
            index=django.contrib.postgres.indexes.GinIndex(fields=['document'], name='projects_search_words'),
        ),
        migrations.AddIndex(
            model_name='projectdocument',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('names', config='simple'), name='projects_search_names'),
        ),
        migrations.AddIndex(
            model_name='projectdocument',
            index=models.Index(fields=['names'], name='projects_search_beginnings', opclasses=['text_pattern_ops']),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['sort_name', 'id'], name='projects_project_by_name'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['-start', 'id'], name='projects_project_by_start'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'published', 'archived'])), name='projects_project_status_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('stated__in', ['planned', 'labelled', 'funded', 'running', 'finished', 'abandoned', ''])), name='projects_project_stated_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('stated', ''), models.Q(('stated_reason', ''), _negated=True), _connector='OR'), name='projects_project_stated_with_reason', violation_error_message='Say why the state differs from what the dates say.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('start', None), ('end', None), ('end__gte', models.F('start')), _connector='OR'), name='projects_project_dates_in_order', violation_error_message='A project ends on or after the day it begins.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('total_cost', None), ('total_cost__gte', 0), _connector='OR'), models.Q(('public_funding', None), ('public_funding__gte', 0), _connector='OR')), name='projects_project_sums_not_negative', violation_error_message='A sum in euros is never negative.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('total_cost', None), ('public_funding', None), ('public_funding__lte', models.F('total_cost')), _connector='OR'), name='projects_project_public_within_cost', violation_error_message='Public funding is never above the total cost.'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('acronym', ''), ('title_en', ''), ('title_fr', ''), _negated=True), name='projects_project_named', violation_error_message='Give the project an acronym or a title.'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['coordinator', 'partner'])), name='projects_participation_role_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.UniqueConstraint(fields=('project', 'organisation'), name='projects_participation_once', violation_error_message='This organisation already takes part in the project.'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'coordinator')), fields=('project',), name='projects_participation_one_coordinator', violation_error_message='A project has one coordinator.'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cost', None), ('cost__gte', 0), _connector='OR'), models.Q(('public_funding', None), ('public_funding__gte', 0), _connector='OR')), name='projects_participation_sums_not_negative', violation_error_message='A sum in euros is never negative.'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('cost', None), ('public_funding', None), ('public_funding__lte', models.F('cost')), _connector='OR'), name='projects_participation_public_within_cost', violation_error_message='Public funding is never above the cost.'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['product', 'service', 'process', 'patent', 'publication', 'start_up'])), name='projects_outcome_kind_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='funding',
            constraint=models.CheckConstraint(condition=models.Q(('amount', None), ('amount__gte', 0), _connector='OR'), name='projects_funding_not_negative', violation_error_message='A sum in euros is never negative.'),
        ),
        migrations.AddConstraint(
            model_name='projectlabel',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['lead', 'co'])), name='projects_projectlabel_role_known', violation_error_message='Choose one of the values offered.'),
        ),
        migrations.AddConstraint(
            model_name='projectlabel',
            constraint=models.UniqueConstraint(fields=('project', 'cluster'), name='projects_projectlabel_once', violation_error_message='This cluster already labelled the project.'),
        ),
        migrations.AddConstraint(
            model_name='projectlabel',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'lead')), fields=('project',), name='projects_projectlabel_one_lead', violation_error_message='A project has one lead cluster.'),
        ),
    ]

"""Dates, names and addresses that cannot be right are refused by the database."""

import cluster_portal.records.names
import cluster_portal.records.websites
import datetime
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from cluster_portal.records.older_rows import held_where_possible


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0013_wrong_values_refused'),
        ('projects', '0006_names_learnt'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='declaredfigure',
            name='link',
            field=models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='link'),
        ),
        migrations.AlterField(
            model_name='funder',
            name='website',
            field=models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='website'),
        ),
        migrations.AlterField(
            model_name='outcome',
            name='link',
            field=models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='link'),
        ),
        migrations.AlterField(
            model_name='programme',
            name='website',
            field=models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='website'),
        ),
        migrations.AlterField(
            model_name='project',
            name='website',
            field=models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='official page'),
        ),
        AddConstraintNotValid(
            model_name='declaredfigure',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('source')), cluster_portal.records.names.IsOneLine(models.F('note_fr')), cluster_portal.records.names.IsOneLine(models.F('note_en'))), name='projects_declaredfigure_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='declaredfigure',
            constraint=models.CheckConstraint(condition=models.Q(('year', None), ('year__range', (2000, 2100)), _connector='OR'), name='projects_declaredfigure_years_in_time', violation_error_message='A year has four figures and lies between the times that this record may speak of: check it.'),
        ),
        AddConstraintNotValid(
            model_name='declaredfigure',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.websites.IsPublicPage(models.F('link'))), name='projects_declaredfigure_link_public', violation_error_message='A web address names a site that everybody can open, such as https://www.example.org: not a number, “localhost” or a private network.'),
        ),
        AddConstraintNotValid(
            model_name='funder',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name_fr')), cluster_portal.records.names.IsOneLine(models.F('name_en')), cluster_portal.records.names.IsOneLine(models.F('acronym')), models.Q(('name_fr', ''), _negated=True)), name='projects_funder_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='funder',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.websites.IsPublicPage(models.F('website'))), name='projects_funder_website_public', violation_error_message='A web address names a site that everybody can open, such as https://www.example.org: not a number, “localhost” or a private network.'),
        ),
        AddConstraintNotValid(
            model_name='funding',
            constraint=models.CheckConstraint(condition=models.Q(('date', None), ('date__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), name='projects_funding_days_in_time', violation_error_message='A day lies between 1900 and 2099: check the year.'),
        ),
        AddConstraintNotValid(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('title_fr')), cluster_portal.records.names.IsOneLine(models.F('title_en'))), name='projects_outcome_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('year', None), ('year__range', (2000, 2100)), _connector='OR'), name='projects_outcome_years_in_time', violation_error_message='A year has four figures and lies between the times that this record may speak of: check it.'),
        ),
        AddConstraintNotValid(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.websites.IsPublicPage(models.F('link'))), name='projects_outcome_link_public', violation_error_message='A web address names a site that everybody can open, such as https://www.example.org: not a number, “localhost” or a private network.'),
        ),
        AddConstraintNotValid(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name_fr')), cluster_portal.records.names.IsOneLine(models.F('name_en')), cluster_portal.records.names.IsOneLine(models.F('acronym')), models.Q(('name_fr', ''), _negated=True)), name='projects_programme_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_year', None), ('first_year__range', (1950, 2100)), _connector='OR'), models.Q(('last_year', None), ('last_year__range', (1950, 2100)), _connector='OR')), name='projects_programme_years_in_time', violation_error_message='A year has four figures and lies between the times that this record may speak of: check it.'),
        ),
        AddConstraintNotValid(
            model_name='programme',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.websites.IsPublicPage(models.F('website'))), name='projects_programme_website_public', violation_error_message='A web address names a site that everybody can open, such as https://www.example.org: not a number, “localhost” or a private network.'),
        ),
        AddConstraintNotValid(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('acronym')), cluster_portal.records.names.IsOneLine(models.F('title_fr')), cluster_portal.records.names.IsOneLine(models.F('title_en'))), name='projects_project_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('start', None), ('start__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), models.Q(('end', None), ('end__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), models.Q(('stated_on', None), ('stated_on__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR')), name='projects_project_days_in_time', violation_error_message='A day lies between 1900 and 2099: check the year.'),
        ),
        AddConstraintNotValid(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.websites.IsPublicPage(models.F('website'))), name='projects_project_website_public', violation_error_message='A web address names a site that everybody can open, such as https://www.example.org: not a number, “localhost” or a private network.'),
        ),
        AddConstraintNotValid(
            model_name='projectlabel',
            constraint=models.CheckConstraint(condition=models.Q(('date', None), ('date__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), name='projects_projectlabel_days_in_time', violation_error_message='A day lies between 1900 and 2099: check the year.'),
        ),
        held_where_possible(),
    ]

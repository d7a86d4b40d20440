"""Dates, numbers, names, addresses and telephones that cannot be right are refused by the database."""

import cluster_portal.records.days
import cluster_portal.records.names
import cluster_portal.records.websites
import datetime
import members.identifiers
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from cluster_portal.records.older_rows import held_where_possible


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0012_phones_and_numbers_in_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='cluster',
            name='website',
            field=models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='website'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='naf_code',
            field=models.CharField(blank=True, max_length=6, validators=[members.identifiers.validate_naf], verbose_name='NAF code'),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='website',
            field=models.URLField(blank=True, validators=[cluster_portal.records.websites.validate_website], verbose_name='website'),
        ),
        migrations.AddIndex(
            model_name='site',
            index=models.Index(condition=models.Q(('siret', ''), _negated=True), fields=['siret'], name='members_site_siret'),
        ),
        AddConstraintNotValid(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(('latitude', None), ('longitude', None), models.Q(('latitude', 0), ('longitude', 0), _negated=True), _connector='OR'), name='members_cluster_not_in_the_gulf_of_guinea', violation_error_message='Latitude 0 and longitude 0 are a place in the sea: leave both blank if unknown.'),
        ),
        AddConstraintNotValid(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name')), cluster_portal.records.names.IsOneLine(models.F('acronym')), cluster_portal.records.names.IsOneLine(models.F('city')), models.Q(('name', ''), _negated=True)), name='members_cluster_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(('founding_year', None), ('founding_year__range', (1800, 2100)), _connector='OR'), name='members_cluster_years_in_time', violation_error_message='A year has four figures and lies between the times that this record may speak of: check it.'),
        ),
        AddConstraintNotValid(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.days.YearHasCome(models.F('founding_year'))), name='members_cluster_founded_by_now', violation_error_message='The founding year is in the future.'),
        ),
        AddConstraintNotValid(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.websites.IsPublicPage(models.F('website'))), name='members_cluster_website_public', violation_error_message='A web address names a site that everybody can open, such as https://www.example.org: not a number, “localhost” or a private network.'),
        ),
        AddConstraintNotValid(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(('phone', ''), ('phone__regex', '^(\\+[1-9]\\d{6,14}(;ext=\\d{1,7})?|[1-9]\\d{1,5})$'), _connector='OR'), name='members_cluster_phone_known', violation_error_message='A telephone number is kept as +33476000000.'),
        ),
        AddConstraintNotValid(
            model_name='cluster',
            constraint=models.CheckConstraint(condition=models.Q(('slug__in', ('compare', 'comparer', 'shared-members', 'membres-communs')), _negated=True), name='members_cluster_slug_free', violation_error_message='This address is a page of the site: choose another last part.'),
        ),
        AddConstraintNotValid(
            model_name='clustername',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name')), models.Q(('name', ''), _negated=True)), name='members_clustername_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='clustername',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), name='members_clustername_days_in_time', violation_error_message='A day lies between 1900 and 2099: check the year.'),
        ),
        AddConstraintNotValid(
            model_name='contactperson',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name')), cluster_portal.records.names.IsOneLine(models.F('role')), models.Q(('name', ''), _negated=True)), name='members_contactperson_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='contactperson',
            constraint=models.CheckConstraint(condition=models.Q(('phone', ''), ('phone__regex', '^(\\+[1-9]\\d{6,14}(;ext=\\d{1,7})?|[1-9]\\d{1,5})$'), _connector='OR'), name='members_contactperson_phone_known', violation_error_message='A telephone number is kept as +33476000000.'),
        ),
        AddConstraintNotValid(
            model_name='contactperson',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_on', None), ('agreed_on__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), name='members_contactperson_days_in_time', violation_error_message='A day lies between 1900 and 2099: check the year.'),
        ),
        AddConstraintNotValid(
            model_name='contactperson',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.days.DayHasCome(models.F('agreed_on'))), name='members_contactperson_agreed_by_now', violation_error_message='The day of the agreement is in the future.'),
        ),
        AddConstraintNotValid(
            model_name='department',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name')), cluster_portal.records.names.IsOneLine(models.F('locative_fr')), models.Q(('name', ''), _negated=True)), name='members_department_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='furthernumber',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('kind', 'siren'), _negated=True), members.identifiers.IsIdentifier(models.F('value'), function='members_is_siren'), _connector='OR'), models.Q(models.Q(('kind', 'uai'), _negated=True), members.identifiers.IsIdentifier(models.F('value'), function='members_is_uai'), _connector='OR'), models.Q(models.Q(('kind', 'rnsr'), _negated=True), members.identifiers.IsIdentifier(models.F('value'), function='members_is_rnsr'), _connector='OR'), models.Q(models.Q(('kind', 'ror'), _negated=True), members.identifiers.IsIdentifier(models.F('value'), function='members_is_ror'), _connector='OR')), name='members_furthernumber_value_exists', violation_error_message='There is no such number: check its digits.'),
        ),
        AddConstraintNotValid(
            model_name='labelperiod',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('start', None), ('start__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), models.Q(('end', None), ('end__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR')), name='members_labelperiod_days_in_time', violation_error_message='A day lies between 1900 and 2099: check the year.'),
        ),
        AddConstraintNotValid(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('category'))), name='members_membership_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('joined_on', None), ('joined_on__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), models.Q(('left_on', None), ('left_on__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR')), name='members_membership_days_in_time', violation_error_message='A day lies between 1900 and 2099: check the year.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name')), cluster_portal.records.names.IsOneLine(models.F('acronym')), models.Q(('name', ''), _negated=True)), name='members_organisation_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_on', None), ('closed_on__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), models.Q(('verified_on', None), ('verified_on__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR')), name='members_organisation_days_in_time', violation_error_message='A day lies between 1900 and 2099: check the year.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('founding_year', None), ('founding_year__range', (1100, 2100)), _connector='OR'), name='members_organisation_years_in_time', violation_error_message='A year has four figures and lies between the times that this record may speak of: check it.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.days.YearHasCome(models.F('founding_year'))), name='members_organisation_founded_by_now', violation_error_message='The founding year is in the future.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on', None), ('founding_year', None), ('closed_on__year__gte', models.F('founding_year')), _connector='OR'), name='members_organisation_closed_after_founding', violation_error_message='An organisation closes in or after the year it was founded.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.days.DayHasCome(models.F('verified_on'))), name='members_organisation_verified_by_now', violation_error_message='The day of the verification is in the future.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.websites.IsPublicPage(models.F('website'))), name='members_organisation_website_public', violation_error_message='A web address names a site that everybody can open, such as https://www.example.org: not a number, “localhost” or a private network.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('phone', ''), ('phone__regex', '^(\\+[1-9]\\d{6,14}(;ext=\\d{1,7})?|[1-9]\\d{1,5})$'), _connector='OR'), name='members_organisation_phone_known', violation_error_message='A telephone number is kept as +33476000000.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(members.identifiers.IsIdentifier(models.F('siren'), function='members_is_siren')), name='members_organisation_siren_exists', violation_error_message='There is no such number (SIREN): check its digits.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(members.identifiers.IsIdentifier(models.F('rnsr_id'), function='members_is_rnsr')), name='members_organisation_rnsr_id_exists', violation_error_message='There is no such number (RNSR): check its digits.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(members.identifiers.IsIdentifier(models.F('uai_code'), function='members_is_uai')), name='members_organisation_uai_code_exists', violation_error_message='There is no such number (UAI): check its digits.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(members.identifiers.IsIdentifier(models.F('ror_id'), function='members_is_ror')), name='members_organisation_ror_id_exists', violation_error_message='There is no such number (ROR): check its digits.'),
        ),
        AddConstraintNotValid(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(members.identifiers.IsIdentifier(models.F('naf_code'), function='members_is_naf')), name='members_organisation_naf_code_exists', violation_error_message='There is no such number (NAF): check its digits.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('uai_code', ''), _negated=True), models.Q(('status', 'archived'), _negated=True)), fields=('uai_code',), name='members_organisation_uai_once', violation_error_message='Another institution already has this UAI code.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('ror_id', ''), _negated=True), models.Q(('status', 'archived'), _negated=True)), fields=('ror_id',), name='members_organisation_ror_once', violation_error_message='Another organisation already has this ROR id.'),
        ),
        AddConstraintNotValid(
            model_name='organisationname',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name')), models.Q(('name', ''), _negated=True)), name='members_organisationname_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='organisationname',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__range', (1100, 2100)), _connector='OR'), name='members_organisationname_years_in_time', violation_error_message='A year has four figures and lies between the times that this record may speak of: check it.'),
        ),
        AddConstraintNotValid(
            model_name='region',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name')), cluster_portal.records.names.IsOneLine(models.F('locative_fr')), models.Q(('name', ''), _negated=True)), name='members_region_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name')), cluster_portal.records.names.IsOneLine(models.F('address')), cluster_portal.records.names.IsOneLine(models.F('city'))), name='members_site_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        AddConstraintNotValid(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(('latitude', None), ('longitude', None), models.Q(('latitude', 0), ('longitude', 0), _negated=True), _connector='OR'), name='members_site_not_in_the_gulf_of_guinea', violation_error_message='Latitude 0 and longitude 0 are a place in the sea: leave both blank if unknown.'),
        ),
        AddConstraintNotValid(
            model_name='site',
            constraint=models.CheckConstraint(condition=models.Q(members.identifiers.IsIdentifier(models.F('siret'), function='members_is_siret')), name='members_site_siret_exists', violation_error_message='There is no such number (SIRET): check its digits.'),
        ),
        AddConstraintNotValid(
            model_name='succession',
            constraint=models.CheckConstraint(condition=models.Q(('date', None), ('date__range', (datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))), _connector='OR'), name='members_succession_days_in_time', violation_error_message='A day lies between 1900 and 2099: check the year.'),
        ),
        AddConstraintNotValid(
            model_name='succession',
            constraint=models.CheckConstraint(condition=models.Q(('year', None), ('year__range', (1900, 2100)), _connector='OR'), name='members_succession_years_in_time', violation_error_message='A year has four figures and lies between the times that this record may speak of: check it.'),
        ),
        AddConstraintNotValid(
            model_name='theme',
            constraint=models.CheckConstraint(condition=models.Q(cluster_portal.records.names.IsOneLine(models.F('name_fr')), cluster_portal.records.names.IsOneLine(models.F('name_en')), models.Q(('name_fr', ''), _negated=True)), name='members_theme_names_readable', violation_error_message='A name has something to read in it, single blanks and no invisible signs: type it anew.'),
        ),
        held_where_possible(),
    ]

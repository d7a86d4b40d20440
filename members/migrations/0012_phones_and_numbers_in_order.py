"""Telephones as they are kept from now on, and official numbers that two organisations bear on one alone.

What cannot be read is left for ``manage.py check_data`` to name. A number that is taken from a row is printed.
"""

import phonenumbers
from django.db import migrations

FRENCH = ("FR", "GP", "GF", "MQ", "RE", "YT", "PM", "BL", "MF")
ONCE = (("uai_code", "UAI"), ("ror_id", "ROR"))


def kept(text):
    for region in FRENCH:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            number.extension = None
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return text


def write_phones_anew(apps, schema_editor):
    for model in ("Organisation", "Cluster", "ContactPerson"):
        rows = apps.get_model("members", model).objects
        for pk, phone in rows.exclude(phone="").values_list("pk", "phone"):
            if (number := kept(phone)) != phone:
                rows.filter(pk=pk).update(phone=number)


def bear_numbers_once(apps, schema_editor):
    rows = apps.get_model("members", "Organisation").objects.exclude(status="archived")
    for column, name in ONCE:
        bearers = {}
        for row in rows.exclude(**{column: ""}).order_by("-status", "pk"):  # published ones before drafts
            number = getattr(row, column)
            first = bearers.setdefault(number, row)
            if first is not row:
                print(f"\n  {name} {number} of “{first.name}” was taken from “{row.name}” ({row.slug}), which bore it too.")
                rows.filter(pk=row.pk).update(**{column: ""})


class Migration(migrations.Migration):
    dependencies = [("members", "0011_wrong_numbers_and_circles")]
    operations = [
        migrations.RunPython(write_phones_anew, migrations.RunPython.noop),
        migrations.RunPython(bear_numbers_once, migrations.RunPython.noop),
    ]

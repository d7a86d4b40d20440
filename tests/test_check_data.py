"""Rows from before a rule are named, and once they are put right the rule holds for all."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from cluster_portal.models import Page

pytestmark = pytest.mark.django_db


def check_data() -> str:
    out = io.StringIO()
    call_command("check_data", stdout=out)
    return out.getvalue()


def test_where_nothing_breaks_a_rule_that_is_said():
    assert check_data() == "Every row keeps every rule.\n"


def test_a_row_that_breaks_a_later_rule_is_named_until_it_is_put_right():
    wrong, fine = (Page.objects.create(key=key, title_fr=title) for key, title in (("a", "Faux"), ("b", "Juste")))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE portal_page ADD CONSTRAINT portal_page_juste CHECK (title_fr <> 'Faux') NOT VALID")
    out = io.StringIO()
    with pytest.raises(CommandError, match="^1 rows to put right"):
        call_command("check_data", stdout=out)
    assert out.getvalue() == f"portal_page: portal_page_juste is broken by {wrong.pk}\n"
    with pytest.raises(IntegrityError), transaction.atomic():
        Page.objects.filter(pk=fine.pk).update(title_fr="Faux")
    Page.objects.filter(pk=wrong.pk).update(title_fr="Juste")
    assert "portal_page: portal_page_juste holds from now on." in check_data()
    assert check_data() == "Every row keeps every rule.\n"

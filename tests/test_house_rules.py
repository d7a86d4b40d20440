"""The conventions of the house that a program can check."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.template import TemplateSyntaxError, engines

from tests.ours import LABELS, PACKAGES

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
# found by Django under names of its own
BY_CONVENTION = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html", "admin/base_site.html"}


def templates() -> list[str]:
    return sorted(
        str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*") if path.suffix in (".html", ".xml")
    )


def sources() -> list[Path]:
    return [path for app in PACKAGES for path in sorted((ROOT / app).rglob("*.py"))]


def named_templates() -> set[str]:
    """Every template that code or another template names."""
    texts = [path.read_text() for path in sources()] + [(TEMPLATES / name).read_text() for name in templates()]
    return {name for text in texts for name in re.findall(r"[\"']([\w/]+\.(?:html|xml))(?:#\w+)?[\"']", text)}


def test_every_template_compiles_as_it_stands_and_as_it_is_served():
    """While the code is changed (DEBUG) templates are read as they stand: `{% extends %}` before all else but a `{# comment #}`."""
    refused = {}
    for name in templates():
        try:
            engines["django"].get_template(name)
            engines["django"].from_string((TEMPLATES / name).read_text())
        except TemplateSyntaxError as error:
            refused[name] = str(error)
    assert refused == {}


def test_no_template_is_unused():
    overridden = {name for name in templates() if name.startswith("admin/") and name in django_admin_templates()}
    assert set(templates()) - named_templates() - BY_CONVENTION - overridden == set()


def texts_of(package) -> Iterator[Path]:
    texts = Path(package.__file__).parent.rglob("*.*")
    return (path for path in texts if path.suffix in (".html", ".css", ".js", ".py") and "locale" not in path.parts)


def django_admin_templates() -> set[str]:
    folder = Path(apps.get_app_config("admin").module.__file__).parent / "templates"
    return {str(path.relative_to(folder)) for path in folder.rglob("*.html")}


def test_no_template_that_is_named_is_missing():
    named = {
        name
        for name in named_templates()
        if name.partition("/")[0] in {"members", "projects", "contributions", "listing"}
    }
    assert named - set(templates()) == set()


@pytest.mark.parametrize("name", [name for name in templates() if Path(name).name.startswith("_")])
def test_an_include_opens_with_a_comment_that_names_what_it_needs(name):
    opening = re.match(r"\{% comment %\}(.*?)\{% endcomment %\}", (TEMPLATES / name).read_text(), re.S)
    assert opening and "Needs" in opening[1], name


@pytest.mark.parametrize("name", templates())
def test_a_template_can_be_read_and_compared_line_by_line(name):
    """The formatter does not break a tag of the template language in two; nor does Django read one that is."""
    lines = (TEMPLATES / name).read_text().splitlines()
    assert not [line for line in lines if len(line) > 150]
    assert not [line for line in lines if len(re.findall(r"<(?:div|li|p|section|tr|dt|h\d)\b", line)) > 1]


@pytest.mark.parametrize("name", templates())
def test_an_include_is_given_what_it_needs_by_name(name):
    """Ours are called with `only`; Django's own take what is there."""
    for call in re.findall(r"{% include (.*?) %}", (TEMPLATES / name).read_text()):
        theirs = call.split('"')[1] in django_admin_templates()
        asks = call.startswith('"admin/_languages.html"')  # who is asked for, and the token of its form
        assert call.endswith(" only") or theirs or asks, call


def test_an_include_with_a_form_is_given_the_sign_without_which_nothing_is_sent():
    """``only`` takes it away; and the tests' client sends without it."""
    texts = {name: (TEMPLATES / name).read_text() for name in templates()}
    signed = {name for name, text in texts.items() if "{% csrf_token %}" in text}
    calls = [
        (name, call[0])
        for name, text in texts.items()
        for call in re.finditer(r"{% include \"([^\"]+)\"[^%]* only %}", text)
        if call[1] in signed
    ]
    assert calls
    assert [call for call in calls if "csrf_token=csrf_token" not in call[1]] == []


@pytest.mark.parametrize("name", templates())
def test_no_template_needs_an_exception_from_the_security_policy(name):
    text = (TEMPLATES / name).read_text()
    assert not re.search(r"\sstyle=|<style|\son\w+=\"|javascript:|src=\"data:|href=\"data:", text), name
    assert not [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag], name
    assert not re.search(r"(?:src|action)=\"(?:https?:)?//", text), name


@pytest.mark.parametrize("name", templates())
def test_what_htmx_calls_works_without_it(name):
    """Every element that sends a request by script is a link or a form with an address of its own."""
    for tag in re.findall(r"<\w+[^>]*\bdata-hx-(?:get|post)=[^>]*>", (TEMPLATES / name).read_text()):
        assert re.search(r"\b(?:href|action)=\"[^\"]+\"", tag), tag


def test_no_template_asks_the_database_by_itself():
    for name in templates():
        text = (TEMPLATES / name).read_text()
        assert not re.search(r"\.(?:all|published|values_list)\b|_set\b", text), name
        assert ".objects" not in text, name


@pytest.mark.parametrize("name", ["portal.css", "admin-portal.css"])
def test_no_style_is_kept_for_a_class_that_nothing_has(name):
    """A class stands in a template, a script or code; there perhaps in two parts: `state--{tone}`. Staff have Django's too."""
    css = re.sub(r"/\*.*?\*/|{[^{}]*}", "", (ROOT / "static" / name).read_text(), flags=re.DOTALL)
    written = "".join(path.read_text() for path in [*sources(), *(ROOT / "static").glob("*.js")])
    written += "".join((TEMPLATES / one).read_text() for one in templates())
    if name == "admin-portal.css":
        written += "".join(path.read_text() for package in (admin, forms) for path in texts_of(package))
    crispys, words, beginnings = {"mb-3"}, set(re.findall(r"[\w-]+", written)), set(re.findall(r"([\w-]+){", written))
    for one in set(re.findall(r"\.(-?[a-zA-Z][\w-]*)", css)) - crispys:
        assert one in words or any(one[:end] in beginnings for end in range(1, len(one))), one


@pytest.mark.parametrize("name", ["portal.css", "admin-portal.css"])
def test_every_block_of_a_style_sheet_is_closed(name):
    """One that is not takes in all that follows, and the formatter only indents it."""
    css = re.sub(r"/\*.*?\*/", "", (ROOT / "static" / name).read_text(), flags=re.DOTALL)
    assert css.count("{") == css.count("}"), name


def test_every_migration_says_what_it_does():
    names = [path.stem for app in PACKAGES for path in (ROOT / app / "migrations").glob("0*.py")]
    assert names and not [name for name in names if re.search(r"_auto_|_alter_|_add_|_remove_|_initial$|\d{8}", name)]


@pytest.mark.django_db
def test_the_models_have_no_change_without_a_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def written_by_hand(app: str) -> list[type[models.Model]]:
    """The events of a history copy their model's rows, and are read by nobody but its pages."""
    return [model for model in apps.get_app_config(app).get_models() if not hasattr(model, "pgh_tracked_model")]


def test_every_field_with_choices_has_a_check_constraint():
    for app in LABELS:
        for model in written_by_hand(app):
            if model._meta.proxy:
                continue
            checks = " ".join(
                str(constraint.condition)
                for constraint in model._meta.constraints
                if isinstance(constraint, models.CheckConstraint)
            )
            unguarded = [field.name for field in model._meta.fields if field.choices and field.name not in checks]
            # an imprecise place is checked together with its coordinates
            assert not unguarded, (model.__name__, unguarded)


def test_every_constraint_that_staff_can_meet_has_a_sentence_of_its_own():
    written_by_the_database = {"portal_formerslug_once", "portal_referencerow_once"}
    for app in LABELS:
        for model in written_by_hand(app):
            for constraint in model._meta.constraints:
                if constraint.name not in written_by_the_database:
                    message = str(constraint.violation_error_message)
                    assert message != str(constraint.default_violation_error_message), constraint.name
                    assert message.endswith("."), constraint.name


def test_every_model_is_listed_in_a_set_order():
    for app in LABELS:
        for model in written_by_hand(app):
            if model.__name__ not in ("SearchDocument", "SearchWord", "ProjectDocument"):
                assert model._meta.ordering, model.__name__


def test_views_ask_querysets_and_filter_nothing_themselves():
    """A question about the data is a queryset method."""
    for path in [*(ROOT / "members/views").glob("*.py"), *(ROOT / "projects/views").glob("*.py")]:
        tree = ast.parse(path.read_text())
        calls = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("filter", "exclude", "annotate", "aggregate")
        ]
        allowed = 4  # a row looked up by its key, where a method would only repeat the name
        assert len(calls) <= allowed, (path.name, calls)


def test_bits_are_shifted_in_one_module_only():
    """Sets of rows are ``Rows``; that they are integers is nobody else's business."""
    for path in sources():
        if path.parent.name == "embedded_postgresql" or path.name == "rows.py":  # the former has modes of files
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.BinOp) and isinstance(node.op, (ast.LShift, ast.RShift))), path
            assert not (isinstance(node, ast.Attribute) and node.attr in ("bit_count", "bit_length")), path


def test_no_folder_is_named_for_what_code_is_instead_of_what_it_says():
    for path in sources():
        assert not {"utils", "helpers", "services", "common", "core", "misc"} & {*path.parts, path.stem}, path


def test_no_committed_text_betrays_a_machine():
    """Paths of a machine, addresses of a private registry, a secret."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    wrong = re.compile(r"(?<!\w)/(?:root|home/\w+|work)/(?!\{)|BEGIN (?:RSA|OPENSSH) PRIVATE|/tmp/(?:var-|brief)")
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in (".png", ".ico", ".woff2", ".mo", ".lock") or not path.is_file() or path == Path(__file__):
            continue
        found = wrong.search(path.read_text(errors="replace"))
        assert not found, (name, found[0])


@pytest.mark.parametrize("name", ["portal.css", "admin-portal.css"])
def test_the_dark_scheme_changes_colours_and_nothing_else(name):
    """So that browser tests look at the dark pages for their colours alone."""
    css = re.sub(r"/\*.*?\*/", "", (ROOT / "static" / name).read_text(), flags=re.S)
    dark = re.findall(r"@media [^{]*\bdark\b[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", css)
    assert dark and len(dark) == len(re.findall(r"\bdark\)", css))
    declared = re.findall(r"([\w-]+)\s*:\s*([^;{}]+)[;}]", re.sub(r"[^{}]*\{", "", "".join(dark)))
    values = {name: value.strip() for name, value in declared}
    assert all(re.fullmatch(r"#[0-9a-f]{3,8}|light|dark", value) for value in values.values()), values

import io
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cluster_portal import reference as portal_reference
from cluster_portal.exchange.data_files import DataFileError, read_csv
from cluster_portal.exchange.reference_data import Loader, Table
from cluster_portal.models import Page, ReferenceRow
from members import reference as members_reference
from members.models import Cluster, ClusterName, ClusterRegion, Department, LabelPeriod, Region, Succession, Theme
from projects.models import DeclaredFigure, Funder, Programme

MODELS = (
    Region, Department, Theme, Cluster, ClusterRegion, ClusterName, LabelPeriod, Succession, Page, Funder, Programme,
    DeclaredFigure, ReferenceRow,
)  # fmt: skip


def load(**options):
    """What the command prints."""
    out, err = io.StringIO(), io.StringIO()
    call_command("load_reference", stdout=out, stderr=err, **options)
    return out.getvalue() + err.getvalue()


def summary(output):
    """The numbers of each table: in the files, new, updated, changed by staff, deleted by staff."""
    rows = re.findall(r"^([^\d\n]+?)((?: +\d+){5})$", output, re.MULTILINE)
    return {name.strip(): tuple(int(number) for number in numbers.split()) for name, numbers in rows}


def everything():
    return {model: list(model._base_manager.order_by("pk").values()) for model in MODELS} | {
        "links": list(Cluster.themes.through.objects.order_by("pk").values())
    }


@pytest.fixture
def loaded(db):
    return load()


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A copy of the files of members and of the portal’s texts, to be edited."""
    for module in (members_reference, portal_reference):
        shutil.copytree(module.DATA, tmp_path / "data", dirs_exist_ok=True)
        monkeypatch.setattr(module, "DATA", tmp_path / "data")
    return tmp_path / "data"


def edit(file: Path, old: str, new: str):
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1, old
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- what is loaded ---------------------------------------------------------------------------------------------------


def test_all_of_france_is_there(loaded):
    assert Region.objects.count() == 18
    assert Region.objects.filter(overseas=True).count() == 5
    assert Department.objects.exclude(region=None).count() == 101
    overseas = Department.objects.filter(region=None).order_by("insee_code").values_list("insee_code", flat=True)
    assert list(overseas) == ["975", "977", "978", "984", "986", "987", "988"]
    assert Department.objects.get(insee_code="2A").region.name == "Corse"
    assert not Region.objects.filter(locative_fr="").exists()
    assert not Department.objects.filter(locative_fr="").exists()


def test_the_57_clusters_and_those_they_come_from_are_published(loaded):
    labelled = Cluster.objects.published().filter(label_periods__phase=5).distinct()
    assert labelled.count() == 57
    former = Cluster.objects.published().exclude(pk__in=labelled)
    assert former.count() == 23
    assert all(cluster.successions.exists() for cluster in former)


@pytest.mark.parametrize(
    ("day", "clusters"),
    [
        (date(2019, 6, 30), 56),  # as published at the start of phase IV
        (date(2021, 12, 31), 54),  # as published at its end
        (date(2023, 3, 26), 0),
        (date(2023, 3, 27), 55),
        (date(2023, 12, 31), 55),
        (date(2024, 1, 8), 55),  # without Optitec and Materalia, with two water clusters
    ],
)
def test_clusters_are_counted_for_a_day(loaded, day, clusters):
    assert Cluster.objects.labelled(day).count() == clusters


def test_water_clusters_are_labelled_from_8_january_2024(loaded):
    for slug in ("aqua-valley", "aquanova"):
        period = LabelPeriod.objects.get(cluster__slug=slug)
        assert (period.start, period.end) == (date(2024, 1, 8), date(2026, 12, 31))


def test_every_label_period_names_its_source(loaded):
    assert not LabelPeriod.objects.filter(source="").exists()


def test_four_clusters_operate_in_automotive_and_mobility(loaded):
    theme = Theme.objects.get(slug="automotive-and-mobility")
    assert set(theme.clusters.values_list("slug", flat=True)) == {
        "cara", "nextmove", "pole-vehicule-du-futur", "id4mobility",
    }  # fmt: skip


def test_every_labelled_cluster_has_a_theme_a_region_and_both_presentations(loaded):
    for cluster in Cluster.objects.filter(label_periods__phase=5).prefetch_related("themes", "regions"):
        assert cluster.themes.all(), cluster
        assert cluster.regions.all(), cluster
        assert cluster.presentation_fr, cluster
        assert cluster.presentation_en, cluster


def test_the_main_region_comes_first(loaded):
    cara = Cluster.objects.get(slug="cara")
    assert [row.region.slug for row in cara.cluster_regions.all()] == ["auvergne-rhone-alpes", "centre-val-de-loire"]


def test_themes_have_two_levels_in_both_languages(loaded):
    assert Theme.objects.domains().count() == 15
    assert Theme.objects.filter(parent__parent__isnull=False).count() == 0
    assert all(domain.themes.exists() for domain in Theme.objects.domains())
    for theme in Theme.objects.all():
        assert all((theme.name_fr, theme.name_en, theme.description_fr, theme.description_en)), theme


def test_lutb_became_cara_and_optitec_was_absorbed_by_scs(loaded):
    assert ClusterName.objects.get(cluster__slug="cara", name__contains="LUTB)").until == date(2017, 11, 20)
    renaming = Succession.objects.get(predecessor__slug="lutb")
    assert (renaming.successor.slug, renaming.kind, renaming.date) == ("cara", "renaming", date(2017, 11, 21))
    absorption = Succession.objects.get(predecessor__slug="optitec")
    assert (absorption.successor.slug, absorption.kind, absorption.date) == ("scs", "absorption", date(2024, 1, 1))


def test_head_offices_are_in_their_department_and_what_is_unknown_is_blank(loaded):
    for cluster in Cluster.objects.all():
        assert bool(cluster.city) == bool(cluster.department) == (cluster.latitude is not None), cluster
        if cluster.department:
            assert 41 < cluster.latitude < 51.5, cluster
            assert -5.5 < cluster.longitude < 10, cluster
            assert cluster.department.region in cluster.regions.all(), cluster
    for slug in ("capenergies", "finance-innovation", "medicen", "qualitropic", "systematic", "astech", "aquanova"):
        assert Cluster.objects.get(slug=slug).city == ""


def test_towns_lie_in_known_departments():
    departments = [row.cells for row in read_csv(members_reference.DATA / "departments.csv")]
    codes = {cells["insee_code"] for cells in departments if cells["region"]}
    towns = [row.cells for row in read_csv(members_reference.DATA / "towns.csv")]
    assert {town["department"] for town in towns} == codes
    for town in towns:
        assert town["insee_code"].startswith(town["department"]), town
        assert re.fullmatch(r"\d{5}", town["postcode"]), town
        assert -22 < float(town["latitude"]) < 51.5, town
        assert -64 < float(town["longitude"]) < 56, town


def test_texts_are_written_in_both_languages(loaded):
    keys = set(Page.objects.values_list("key", flat=True))
    assert keys == {"what-is-a-cluster", "definitions", "legal", "accessibility", "review-criteria"}
    for page in Page.objects.all():
        assert all((page.title_fr, page.title_en, page.body_fr, page.body_en)), page
    assert Page.objects.get(key="what-is-a-cluster").standfirst_en.startswith("Companies, laboratories")


def test_programmes_and_declared_figures_are_there(loaded):
    acronyms = set(Programme.objects.values_list("acronym", flat=True))
    assert {"FUI", "PSPC", "i-Démo", "PIAVE", "CORAM", "FEDER", "H2020"} <= acronyms
    assert {"Horizon Europe", "Eureka"} <= set(Programme.objects.values_list("name_en", flat=True))
    network = DeclaredFigure.objects.filter(cluster=None, year=None, source__startswith="CARA")
    assert {figure.indicator: float(figure.value) for figure in network} == {
        "clusters": 55, "laboratories": 2000, "companies": 14000, "labelled": 12000, "investment": 7.5e9, "leverage": 2.8,
    }  # fmt: skip


def test_no_french_text_keeps_a_straight_apostrophe_or_a_breaking_space(loaded):
    straight = re.compile("['\"]| [;?!:»]|« ")
    cells = [cell for rows in everything().values() for row in rows for cell in row.items()]
    texts = {value for column, value in cells if column.endswith("_fr")}
    assert not [text for text in texts if straight.search(text)]


# --- again and again --------------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(loaded):
    before = everything()
    numbers = summary(load())
    assert everything() == before
    assert set(numbers) >= {"regions", "clusters", "label periods", "texts", "declared figures"}
    assert all(row[1:] == (0, 0, 0, 0) for row in numbers.values())


def test_a_second_run_only_reads(loaded, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as queries:
        load()
    assert not [q["sql"] for q in queries if re.match("INSERT|UPDATE|DELETE", q["sql"])]


def test_what_staff_changed_survives(loaded):
    Cluster.objects.filter(slug="cara").update(presentation_fr="Écrit par l’équipe.", status="archived")
    Theme.objects.filter(slug="hydrogen").update(slug="hydrogen-energy", name_en="Hydrogen energy")
    numbers = summary(load())
    cara = Cluster.objects.get(slug="cara")
    assert (cara.presentation_fr, cara.status) == ("Écrit par l’équipe.", "archived")
    assert Theme.objects.get(slug="hydrogen-energy").name_en == "Hydrogen energy"
    assert not Theme.objects.filter(slug="hydrogen").exists()
    assert numbers["clusters"] == (80, 0, 0, 1, 0)
    assert numbers["themes"] == (85, 0, 0, 1, 0)


def test_what_staff_deleted_is_not_made_again(loaded):
    Cluster.objects.get(slug="picom").delete()  # with its region, its label and its succession
    Cluster.objects.get(slug="cara").themes.remove(Theme.objects.get(slug="rail"))
    ClusterName.objects.filter(name="Aktantis").delete()
    numbers = summary(load())
    assert not Cluster.objects.filter(slug="picom").exists()
    assert "rail" not in Cluster.objects.get(slug="cara").themes.values_list("slug", flat=True)
    assert not ClusterName.objects.filter(name="Aktantis").exists()
    assert numbers["clusters"] == (80, 0, 0, 0, 1)
    assert numbers["successions"] == (25, 0, 0, 0, 1)
    assert numbers["themes of clusters"][4] == 1


def test_a_new_version_of_a_file_moves_only_what_staff_left_alone(loaded, files):
    Cluster.objects.filter(slug="cara").update(website="https://example.org/")
    edit(files / "clusters.csv", "https://www.cara.eu", "https://new.example.net")
    edit(files / "clusters.csv", "https://www.axelera.org", "https://axelera.example.net")
    numbers = summary(load())
    assert Cluster.objects.get(slug="cara").website == "https://example.org/"
    assert Cluster.objects.get(slug="axelera").website == "https://axelera.example.net"
    assert numbers["clusters"] == (80, 0, 1, 1, 0)
    assert summary(load())["clusters"] == (80, 0, 0, 1, 0)


def test_a_link_between_rows_can_be_corrected_in_a_file(loaded, files):
    edit(files / "themes.csv", "logistics,transport-and-mobility", "logistics,digital")
    assert summary(load())["themes"] == (85, 0, 1, 0, 0)
    assert Theme.objects.get(slug="logistics").parent.slug == "digital"


def test_a_corrected_date_stays_the_same_period(loaded, files):
    edit(files / "label_periods.csv", "optitec,5,2023-03-27,2023-12-31", "optitec,5,2023-03-27,2023-12-30")
    before = LabelPeriod.objects.get(cluster__slug="optitec", phase=5).pk
    load()
    period = LabelPeriod.objects.get(cluster__slug="optitec", phase=5)
    assert (period.pk, period.end) == (before, date(2023, 12, 30))


def test_a_row_that_staff_entered_first_is_left_as_it_is(db):
    region = Region.objects.create(name="Bretagne", slug="bretagne", insee_code="53", population=1)
    numbers = summary(load())
    region.refresh_from_db()
    assert region.population == 1
    assert numbers["regions"] == (18, 17, 0, 1, 0)
    assert Department.objects.get(insee_code="35").region == region


def test_a_row_that_contradicts_what_staff_entered_is_left_out_and_named(loaded, files):
    cara = Cluster.objects.get(slug="cara")
    cara.label_periods.filter(phase=5).update(end=date(2028, 12, 31))
    with (files / "label_periods.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{slug},5,2027-01-01,2030-12-31,no,a later version\n" for slug in ("cara", "axelera"))
    output = load()
    assert re.search(r"contradicts.*label_periods\.csv, line 231", output)
    assert LabelPeriod.objects.filter(source="a later version").get().cluster.slug == "axelera"


def test_a_trial_writes_nothing(db):
    assert "this was a trial" in load(dry_run=True)
    assert not Region.objects.exists()
    assert not ReferenceRow.objects.exists()


# --- files that cannot be read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("regions.csv", "Bretagne,bretagne", "Bretagne", r"regions\.csv, line 14: 10 cells for 11 columns"),
        ("regions.csv", "en Bretagne,no,", "en Bretagne,non,", r"regions\.csv, line 14: “non” in “overseas”"),
        ("regions.csv", "en Bretagne,no,3449370", "en Bretagne,no,many", r"regions\.csv, line 14: “many” in “population”"),
        ("regions.csv", "insee_code,name", "code,name", r"regions\.csv, line 2: “code” is not a column"),
        ("regions.csv", "insee_code,name", "name,name", r"regions\.csv, line 1: the first line"),
        ("departments.csv", "Ain,ain,auvergne-rhone-alpes", "Ain,ain,auvergne", r"departments\.csv, line 2: “auvergne” in"),
        ("departments.csv", "\n02,", "\n01,", r"departments\.csv, line 3: “01” is already on line 2"),
        ("themes.csv", "slug,parent", "slug,domain", r"themes\.csv, line 2"),
        ("clusters.csv", "https://www.cara.eu", "cara.eu", r"clusters\.csv, line 12: website"),
        ("clusters.csv", "cara,CARA European Cluster for Mobility Solutions", "cara,", r"clusters\.csv, line 12: name"),
        ("label_periods.csv", "2005-07-12", "12/07/2005", r"label_periods\.csv, line 2: “12/07/2005” in “start”"),
        ("successions.csv", ",renaming,", ",rename,", r"successions\.csv, line 2: kind"),
        ("pages/legal.fr.md", "# Mentions", "Mentions", r"legal\.fr\.md, line 1"),
    ],
)  # fmt: skip
def test_a_malformed_file_is_named_with_its_line_and_nothing_is_loaded(db, files, file, old, new, message):
    edit(files / file, old, new)
    with pytest.raises(CommandError, match=message):
        load()
    assert not Region.objects.exists()


def test_a_file_that_is_not_utf8_or_not_there_is_named(tmp_path):
    (tmp_path / "latin.csv").write_bytes("name\nÎle\n".encode("latin-1"))
    with pytest.raises(DataFileError, match=r"latin\.csv"):
        list(read_csv(tmp_path / "latin.csv"))
    with pytest.raises(DataFileError, match=r"none\.csv cannot be opened"):
        list(read_csv(tmp_path / "none.csv"))


def test_a_row_needs_a_key_and_its_links(db, tmp_path):
    (tmp_path / "rows.csv").write_text("insee_code,name,slug\n,Nowhere,nowhere\n", encoding="utf-8")
    table = Table("rows", Department, lambda: read_csv(tmp_path / "rows.csv"), lambda c: c["insee_code"], ("slug",))
    with pytest.raises(DataFileError, match=r"rows\.csv, line 2: the row does not say what it is"):
        Loader(ReferenceRow).load(table)
    (tmp_path / "rows.csv").write_text("phase,start\n5,2023-03-27\n", encoding="utf-8")
    table = Table("rows", LabelPeriod, lambda: read_csv(tmp_path / "rows.csv"), lambda c: c["start"], ("start",))
    with pytest.raises(DataFileError, match=r"rows\.csv, line 2: there is no cluster"):
        Loader(ReferenceRow).load(table)

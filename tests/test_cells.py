"""Cells of spreadsheets: what they mean, what was repaired to understand them, and what is refused."""

import json
import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from cluster_portal.exchange.sentences import Sentence
from cluster_portal.records.phones import read_phone as phone_as_kept
from cluster_portal.records.phones import validate_phone
from cluster_portal.records.websites import validate_website
from cluster_portal.writing.one_line import is_one_line
from members.identifiers import (
    check_letter,
    validate_naf,
    validate_rnsr,
    validate_ror,
    validate_siren,
    validate_siret,
    validate_uai,
)
from members.imports import cells
from members.imports.cells import Cell, RepairCode
from members.naf import NAF_CODES


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def codes(cell: Cell) -> list[str]:
    return [repair.code for repair in cell.repairs]


def understood(cell: Cell) -> tuple:
    """The value and the repairs; nothing of it refused."""
    assert cell.problem is None, str(cell.problem)
    assert all(repair.before != repair.after for repair in cell.repairs)
    return (cell.value, *codes(cell))


def refused(cell: Cell) -> str:
    """Why there is no value, in a sentence that can be kept."""
    assert cell.value is None and cell.problem
    shown = str(cell.problem)
    assert (
        shown == cells.sentence(*json.loads(json.dumps(cell.problem)))
        and shown.endswith((".", "?"))
        and "%(" not in shown
    )
    return cell.problem.code


# --- numbers ----------------------------------------------------------------------------------------------------------

SIRET, SIREN = "44270113200049", "442701132"
NUMBERS = [
    (cells.read_siret, SIRET, (SIRET,)),
    (cells.read_siret, f"  {SIRET}\r\n", (SIRET,)),
    (cells.read_siret, "442 701 132 00049", (SIRET, "blanks")),
    (cells.read_siret, "442\u00a0701\u202f132\u200b00049", (SIRET, "blanks", "blanks")),
    (cells.read_siret, "442.701.132-00049", (SIRET, "blanks")),
    (cells.read_siret, f"'{SIRET}", (SIRET, "punctuation")),
    (cells.read_siret, f"SIRET n° {SIRET}", (SIRET, "label")),
    (cells.read_siret, f"{SIRET}.0", (SIRET, "float")),
    (cells.read_siret, f"{SIRET},00", (SIRET, "float")),
    (cells.read_siret, "4.4270113200049E+13", (SIRET, "float")),
    (cells.read_siret, "5221005100018.0", ("05221005100018", "float", "leading_zeros")),
    (cells.read_siret, "5221005100018", ("05221005100018", "leading_zeros")),
    (cells.read_siret, "552013500012", ("00552013500012", "leading_zeros")),
    (cells.read_siret, "35600000049837", ("35600000049837",)),  # La Poste, by a rule of its own
    (cells.read_siret, "n.c.", (None, "nothing")),
    (cells.read_siret, "Néant", (None, "nothing")),
    (cells.read_siren, SIREN, (SIREN,)),
    (cells.read_siren, "442 701 132", (SIREN, "blanks")),
    (cells.read_siren, "52210051", ("052210051", "leading_zeros")),
    (cells.read_siren, "5520135", ("005520135", "leading_zeros")),
    (cells.read_siren, "442701132.0", (SIREN, "float")),
    (cells.read_siren, SIRET, (SIREN, "siren_of_siret")),
    (cells.read_siren, "FR 83 404 833 048", ("404833048", "blanks", "siren_of_vat")),
    (cells.read_uai, "0751717J", ("0751717J",)),
    (cells.read_uai, "0751717 j", ("0751717J", "blanks", "case")),
    (cells.read_uai, "751717J", ("0751717J", "leading_zeros")),
    (cells.read_uai, "UAI : 0751717J", ("0751717J", "label")),
    (cells.read_rnsr, "199111950h", ("199111950H", "case")),
    (cells.read_ror, "https://ror.org/02feahw73", ("02feahw73", "label")),
    (cells.read_ror, "02FEAHW73", ("02feahw73", "case")),
    (cells.read_ror, "ror.org/02feahw73/", ("02feahw73", "label")),
    (cells.read_naf, "29.10Z", ("29.10Z",)),
    (cells.read_naf, "2910Z", ("29.10Z", "naf_dot")),
    (cells.read_naf, "29.10z", ("29.10Z", "case")),
    (cells.read_naf, "NAF 2910z", ("29.10Z", "label", "case", "naf_dot")),
    (cells.read_naf, "46.74A - Commerce de gros", ("46.74A", "label")),
    (cells.read_naf, "29.1Z", ("29.10Z", "naf_short")),
    (cells.read_naf, "1.11Z", ("01.11Z", "naf_short")),
    (cells.read_naf, "111Z", ("01.11Z", "naf_short")),
    (cells.read_naf, "29.10", ("29.10Z", "naf_short")),
    (cells.read_unit_numbers, "UMR 5506", ([("UMR", "5506")],)),
    (cells.read_unit_numbers, "UMR5506", ([("UMR", "5506")], "unit_number")),
    (cells.read_unit_numbers, "umr cnrs n° 5506", ([("UMR", "5506")], "unit_number")),
    (cells.read_unit_numbers, "UMR_S 1136 ; EA1496, U 1292", ([("UMR_S", "1136"), ("EA", "1496"), ("U", "1292")], "several")),
    (cells.read_unit_numbers, "UMR S 1136 / ERL 7001", ([("UMR_S", "1136"), ("ERL", "7001")], "several")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("read", "text", "expected"), NUMBERS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_number_is_read_as_people_and_programs_write_it(read, text, expected):
    assert understood(read(text)) == expected


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (cells.read_siret, "5,52E+13", "cell-lost-digits"),
        (cells.read_siret, "4.42701E+13", "cell-lost-digits"),
        (cells.read_siren, "4,427E+08", "cell-lost-digits"),
        (cells.read_siret, "4.427011320004E+13", "cell-lost-digits"),
        (cells.read_siret, "4.4270113200049E+9", "cell-siret"),
        (cells.read_siret, "44270113200048", "cell-siret"),
        (cells.read_siret, "48300000000000", "cell-siret"),
        (cells.read_siret, "00000000000000", "cell-siret"),
        (cells.read_siret, "5221005540002", "cell-siret"),
        (cells.read_siret, SIREN, "cell-siret-is-siren"),
        (cells.read_siret, "44270113200049 44270113200049", "cell-siret"),
        (cells.read_siret, "４４２７０１１３２０００４９", "cell-siret"),
        (cells.read_siren, "442701133", "cell-siren"),
        (cells.read_siren, "4427011320", "cell-siren"),
        (cells.read_siren, "FR84404833048", "cell-siren"),
        (cells.read_uai, "0751717K", "cell-uai"),
        (cells.read_uai, "0751717", "cell-uai"),
        (cells.read_rnsr, "199111950A", "cell-rnsr"),
        (cells.read_ror, "02feahw74", "cell-ror"),
        (cells.read_ror, "0ſeahw7373", "cell-ror"),
        (cells.read_naf, "22.2C", "cell-naf"),
        (cells.read_naf, "35.1E", "cell-naf"),
        (cells.read_naf, "43.99", "cell-naf-several"),
        (cells.read_naf, "29", "cell-naf"),
        (cells.read_naf, "99.99Z", "cell-naf"),
        (cells.read_unit_numbers, "LIRMM", "cell-unit-number"),
        (cells.read_unit_numbers, "UMR 5506, LIRMM", "cell-unit-number"),
    ],
)
def test_a_number_that_is_none_is_a_problem(read, text, code):
    assert refused(read(text)) == code


def test_the_sentence_names_what_stands_in_the_cell():
    assert (
        str(cells.read_siret("5,52E+13").problem)
        == "“5,52E+13”: the spreadsheet has lost digits. Format the column as text, and type the number anew."
    )
    assert str(cells.read_naf("43.99").problem).startswith("“43.99” may be 43.99A, 43.99B")
    assert len(str(cells.read_siret("9" * 400).problem)) < 200


def is_number(text: str) -> bool:
    """Computed anew: a SIREN by its sum, a SIRET by its own and that of its SIREN."""
    return text[:9] != "0" * 9 and luhn.is_valid(text) and luhn.is_valid(text[:9])


def test_no_siren_is_ever_cut_from_a_siret_that_fails():
    """Of these, one in ten begins with nine digits that would pass."""
    passing = 0
    for number in range(44270113200000, 44270113200000 + 3_000_000, 997):
        text = str(number)
        passing += luhn.is_valid(text[:9]) and not is_number(text)
        for read in (cells.read_siren, cells.read_siret):
            assert (read(text).value is not None) == is_number(text), text
    assert passing > 100


def test_zeros_are_put_back_only_where_the_check_digits_hold_then():
    chosen = random.Random(1)
    for lost, length, read in (
        (13, 14, cells.read_siret),
        (12, 14, cells.read_siret),
        (8, 9, cells.read_siren),
        (7, 9, cells.read_siren),
    ):
        repaired = 0
        for _number in range(2_000):
            text = str(chosen.randrange(10 ** (lost - 1), 10**lost))
            cell, whole = read(text), text.zfill(length)
            if is_number(whole):
                repaired += 1
                assert understood(cell) == (whole, "leading_zeros")
            else:
                assert refused(cell) in ("cell-siret", "cell-siren")
        assert repaired > 5, lost
    siren = next(
        number for number in range(123456, 123500) if is_number(f"000{number}")
    )  # no company has so many zeros
    siret = next(number for number in range(siren * 10**5, (siren + 1) * 10**5) if is_number(f"000{number}"))
    assert refused(cells.read_siren(str(siren))) and refused(cells.read_siret(str(siret)))


def test_a_number_from_which_a_spreadsheet_made_a_float_does_not_become_another():
    """Without its point, 5221005540001.0 has fourteen digits, which pass by chance once in ten times where the company is right."""
    by_chance = [
        number
        for number in range(4427011320000, 4427011330000)
        if is_number(f"{number}0") and not is_number(f"0{number}")
    ]
    assert len(by_chance) > 10
    assert {refused(cells.read_siret(f"{number}.0")) for number in by_chance} == {"cell-siret"}


def test_every_naf_code_is_found_without_its_dot_and_none_is_guessed():
    for code in NAF_CODES:
        assert understood(cells.read_naf(code)) == (code,)
        assert understood(cells.read_naf(code.replace(".", ""))) == (code, "naf_dot")
        division, rest = code.split(".")
        alike = [other for other in NAF_CODES if other[:5] == code[:5]]
        cell = cells.read_naf(code[:5])
        assert (cell.value == code) == (len(alike) == 1)
        if rest[1] == "0":
            assert cells.read_naf(f"{division}.{rest[0]}{rest[2]}").value == code


# --- several values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("between", [",", ";", " ; ", "|", "\n", "\r\n", " / ", ", \n"])
def test_several_numbers_in_one_cell_are_a_list(between):
    cell = cells.read_many(f"82445767500059{between}8 2445767500018{between}18640005700102", cells.read_siret)
    assert cell.value == ["82445767500059", "82445767500018", "18640005700102"] and not cell.problem
    assert codes(cell) == ["several", "blanks"]


def test_a_list_has_each_value_once_and_the_problem_of_the_first_that_is_none():
    assert cells.read_many(SIRET, cells.read_siret) == Cell([SIRET])
    assert cells.read_many(" ; ,", cells.read_siret) == Cell()
    cell = cells.read_many(f"{SIRET};123;{SIRET};456", cells.read_siret)
    assert cell.value == [SIRET] and codes(cell) == ["several", "repeated"] and cell.problem.params["value"] == "123"
    assert refused(cells.read_many(";".join(["1"] * 500), cells.read_siret)) == "cell-too-long"


# --- days and years ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day", "repairs"),
    [
        ("2024-12-31", (2024, 12, 31), []),
        ("2024-12-31 00:00:00", (2024, 12, 31), ["date"]),
        ("2024-12-31T14:30:00Z", (2024, 12, 31), ["date"]),
        ("31/12/2024", (2024, 12, 31), ["date"]),
        ("1/2/2024", (2024, 2, 1), ["date"]),
        ("31.12.2024", (2024, 12, 31), ["date"]),
        ("31-12-2024", (2024, 12, 31), ["date"]),
        ("31 12 2024 08:00", (2024, 12, 31), ["date"]),
        ("31/12/98", (1998, 12, 31), ["short_year", "date"]),
        ("31/12/24", (2024, 12, 31), ["short_year", "date"]),
        ("20241231", (2024, 12, 31), ["date"]),
        ("45366", (2024, 3, 15), ["spreadsheet_day"]),
        ("45366.0", (2024, 3, 15), ["spreadsheet_day"]),
        ("45366,75", (2024, 3, 15), ["spreadsheet_day"]),
        ("1er février 2024", (2024, 2, 1), ["date"]),
        ("31 décembre 2024", (2024, 12, 31), ["date"]),
        ("mardi 31 déc. 2024", (2024, 12, 31), ["date"]),
        ("December 31, 2024", (2024, 12, 31), ["date"]),
        ("31st August 2024", (2024, 8, 31), ["date"]),
        ("\u00a031/12/2024 ", (2024, 12, 31), ["blanks", "date"]),
    ],
)
def test_a_date_is_read_however_it_is_written(text, day, repairs):
    cell = cells.read_date(text)
    assert understood(cell) == (date(*day), *repairs)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12/31/2024", "cell-no-such-day"), ("31/02/2024", "cell-no-such-day"), ("2024-13-01", "cell-no-such-day"),
        ("00/00/0000", "cell-no-such-day"), ("2024", "cell-only-a-year"), ("3500", "cell-only-a-year"), ("1812-09-07", "cell-out-of-time"),
        ("31/12/2999", "cell-out-of-time"), ("bientôt", "cell-date"), ("31/12/2024 ou 2025", "cell-date"), ("99999", "cell-date"),
        ("12", "cell-date"), ("31 foo 2024", "cell-date"), ("٣١/١٢/٢٠٢٤", "cell-date"),
    ],
)  # fmt: skip
def test_a_date_that_is_none_is_a_problem(text, code):
    assert refused(cells.read_date(text)) == code


def test_spreadsheets_count_days_from_the_end_of_1899():
    for number in range(10_000, 73_051, 97):
        expected = (datetime(1899, 12, 30) + timedelta(days=number)).date()
        assert cells.read_date(str(number)).value == expected == cells.read_date(f"{number}.0").value
    assert cells.read_date("73050").value == date(2099, 12, 31) and cells.read_date("73051").problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1987", (1987,)), ("1987.0", (1987, "float")), ("1982-11-08", (1982, "year_of_date")), ("08/11/1982", (1982, "year_of_date")),
        ("2001-01", (2001, "year_of_date")), ("10/1945", (1945, "year_of_date")), ("30263", (1982, "spreadsheet_day", "year_of_date")),
        ("1257", (1257,)), ("", (None,)), ("-", (None, "nothing")),
    ],
)  # fmt: skip
def test_a_year_is_read_alone_or_of_a_date(text, expected):
    assert understood(cells.read_year(text)) == expected


@pytest.mark.parametrize(("text", "code"), [("vers 1950", "cell-year"), ("87", "cell-year"), ("0987", "cell-year-out-of-time"), ("2999", "cell-year-out-of-time"), ("31/02/1982", "cell-year"), ("1950-1960", "cell-year")])  # fmt: skip
def test_a_year_that_is_none_is_a_problem(text, code):
    assert refused(cells.read_year(text)) == code


def test_what_is_to_come_is_judged_by_today():
    with time_machine.travel("2030-06-01"):
        assert cells.read_year("2030").value == 2030 and cells.read_date("01/01/40").value == date(2040, 1, 1)
    with time_machine.travel("2029-06-01"):
        assert cells.read_year("2030").problem and cells.read_date("01/01/40").value == date(1940, 1, 1)


# --- addresses, mail, telephone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "repairs"),
    [
        ("https://www.example.fr/a?b=1#c", "https://www.example.fr/a?b=1#c", []),
        ("http://example.fr", "http://example.fr", []),
        ("www.example.fr", "https://www.example.fr", ["scheme"]),
        ("example.fr/page/", "https://example.fr/page/", ["scheme"]),
        ("//example.fr", "https://example.fr", ["scheme"]),
        ("http://http://example.fr", "http://example.fr", ["scheme_twice"]),
        ("http://https://example.fr", "https://example.fr", ["scheme_twice"]),
        ("https//example.fr", "https://example.fr", ["scheme_twice"]),
        ("http:/example.fr", "http://example.fr", ["scheme_twice"]),
        ("http:\\\\example.fr", "http://example.fr", ["scheme_twice"]),
        ("htpp://example.fr", "http://example.fr", ["scheme_twice"]),
        ("http:// www.example.fr", "http://www.example.fr", ["scheme_twice"]),
        ("HTTP://WWW.Example.FR/Page", "http://www.example.fr/Page", ["scheme_twice", "case"]),
        ("http://", None, ["empty_address"]),
        ("https://www.", None, ["empty_address"]),
        ("www", None, ["empty_address"]),
        ("http://http://", None, ["empty_address"]),
        ("/", None, ["nothing"]),
        ("<https://example.fr>", "https://example.fr", ["scheme_twice", "punctuation"]),
        ("https://example.fr/X_(y)", "https://example.fr/X_(y)", []),
        ("https://example.fr/?u=HTTP://a.fr", "https://example.fr/?u=HTTP://a.fr", []),
        ("www.example.fr.", "https://www.example.fr", ["punctuation", "scheme"]),
        ("https://www.énergie.fr", "https://www.énergie.fr", []),
    ],
)
def test_an_address_of_a_site_is_repaired_as_far_as_it_is_certain(text, value, repairs):
    assert understood(cells.read_website(text)) == (value, *repairs)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://localhost/", "cell-website"), ("http://192.168.1.1", "cell-website"), ("contact@example.fr", "cell-website"),
        ("pas encore", "cell-website"), ("javascript:alert(1)", "cell-website"), ("ftp://example.fr", "cell-website"),
        ("https://a.fr ; https://b.fr", "cell-several"), ("www.a.fr, www.b.fr", "cell-several"),
        ("https://example.fr/" + "a" * 200, "cell-too-long"), ("https://example..fr", "cell-website"), ("https://[::1", "cell-website"),
    ],
)  # fmt: skip
def test_an_address_of_no_site_is_a_problem(text, code):
    assert refused(cells.read_website(text)) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("contact@example.fr", ("contact@example.fr",)), ("mailto:contact@example.fr", ("contact@example.fr", "label")),
        ("Accueil <contact@example.fr>", ("contact@example.fr", "label")), ("contact@example.fr;", ("contact@example.fr", "punctuation")),
        ("contact @ example.fr", ("contact@example.fr", "blanks")), ("nc", (None, "nothing")),
    ],
)  # fmt: skip
def test_an_e_mail_address_is_freed_of_what_is_around_it(text, expected):
    assert understood(cells.read_email(text)) == expected


@pytest.mark.parametrize(("text", "code"), [("contact", "cell-email"), ("a@b", "cell-email"), ("a@example.fr, b@example.fr", "cell-several"), ("a b@example.fr", "cell-email"), ("a" * 250 + "@example.fr", "cell-email")])  # fmt: skip
def test_an_e_mail_address_that_is_none_is_a_problem(text, code):
    assert refused(cells.read_email(text)) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("04 76 61 52 00", ("+33476615200",)), ("04.76.61.52.00", ("+33476615200",)), ("+33 (0)4 76 61 52 00", ("+33476615200",)),
        ("0033476615200", ("+33476615200",)), ("476615200", ("+33476615200", "leading_zeros")),
        ("476615200.0", ("+33476615200", "float", "leading_zeros")), ("Tél. : 04 76 61 52 00", ("+33476615200", "label")),
        ("0262 93 80 80", ("+262262938080",)), ("+33262938080", ("+262262938080", "phone")), ("+49 30 123456", ("+4930123456",)),
        ("3939", ("3939",)), ("06 12 34 56 78", ("+33612345678",)), ("04 76 61 52 00 poste 12", ("+33476615200;ext=12",)),
    ],
)  # fmt: skip
def test_a_telephone_number_is_read_as_the_forms_read_it(text, expected):
    cell = cells.read_phone(text)
    assert understood(cell)[0] == expected[0]
    assert [code for code in codes(cell) if code != "phone"] == [code for code in expected[1:] if code != "phone"]


@pytest.mark.parametrize(("text", "code"), [("04 76", "cell-phone"), ("4,76E+8", "cell-lost-digits"), ("voir site", "cell-phone"), ("04 76 61 52 00 / 04 76 61 52 01", "cell-phone"), ("0" * 300, "cell-phone")])  # fmt: skip
def test_a_telephone_number_that_is_none_is_a_problem(text, code):
    assert refused(cells.read_phone(text)) == code


def test_the_numbers_that_are_read_at_once_are_those_that_the_library_reads():
    for begins in range(100):
        for rest in ("0000000", "1234567", "5098713", "9999999"):
            text = f"0{begins:02d}{rest}"
            try:
                kept = phone_as_kept(text)
            except ValidationError:
                kept = None
            assert cells.read_phone(text).value == kept, text


# --- positions --------------------------------------------------------------------------------------------------------

LYON = (Decimal("45.76400"), Decimal("4.83570"))


@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        ("45.764, 4.8357", []), ("45.764,4.8357", []), ("45.764 4.8357", []), ("45.764; 4.8357", []), ("(45.764, 4.8357)", []),
        ("45,764 ; 4,8357", ["decimal_comma", "decimal_comma"]), ("45,764, 4,8357", ["decimal_comma", "decimal_comma"]),
        ("45,764 4,8357", ["decimal_comma", "decimal_comma"]), ("45,764,4,8357", ["decimal_comma", "decimal_comma"]),
        ("POINT (4.8357 45.764)", []), ("45.7640001, 4.83569999", []), ("45.764N, 4.8357E", ["degrees", "degrees"]),
        ("45°45′50.4″N 4°50′8.52″E", ["degrees", "degrees"]),
    ],
)  # fmt: skip
def test_latitude_and_longitude_are_read_from_one_cell(text, repairs):
    assert understood(cells.read_coordinates(text)) == (LYON, "two_in_one", *repairs)


@pytest.mark.parametrize(("text", "code"), [("48,39", "cell-coordinates"), ("45.764", "cell-coordinates"), ("95.1, 4.8", "cell-coordinates"), ("45.1, 190.5", "cell-coordinates"), ("0, 0", "cell-in-the-sea"), ("0.000001, 0.000001", "cell-in-the-sea"), ("1, 2, 3", "cell-coordinates"), ("Lyon", "cell-coordinates"), ("4°75′0″N 4°0′0″E", "cell-coordinates")])  # fmt: skip
def test_what_can_be_no_position_is_a_problem(text, code):
    assert refused(cells.read_coordinates(text)) == code


def test_latitude_and_longitude_are_read_alone():
    assert understood(cells.read_latitude("45,764")) == (LYON[0], "decimal_comma")
    assert understood(cells.read_latitude("-21.1")) == (Decimal("-21.10000"),)
    assert understood(cells.read_longitude("4.5 O")) == (Decimal("-4.50000"), "degrees")
    assert understood(cells.read_longitude("−4.5")) == (Decimal("-4.50000"),)
    assert str(cells.read_latitude("-0.000001").value) == "0.00000"
    assert (
        refused(cells.read_latitude("4.5 E")) == "cell-latitude"
        and refused(cells.read_longitude("181")) == "cell-longitude"
    )
    assert refused(cells.read_latitude("45764")) == "cell-latitude"


def test_a_position_far_from_its_department_or_swapped_is_a_problem():
    assert cells.position_problem(*LYON, "69", "Rhône") is None
    swapped = cells.position_problem(LYON[1], LYON[0], "69", "Rhône")
    assert (
        str(swapped)
        == "Latitude 4.83570 and longitude 45.76400 seem to be swapped: the other way round they are in Rhône."
    )
    assert cells.position_problem(*LYON, "29", "Finistère").code == "cell-far"
    assert cells.position_problem(Decimal(0), Decimal(0), "69", "Rhône").code == "cell-in-the-sea"
    assert cells.position_problem(*LYON, "988", "Nouvelle-Calédonie") is None, "no town of it is known"


# --- names and texts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (cells.read_name, "  Énergie  ", ("Énergie",)),
        (cells.read_name, "A  B", ("A B", "blanks")),
        (cells.read_name, "Prix\u00a0: 5", ("Prix\u00a0: 5",)),
        (cells.read_name, "A\u200bB\ufeff", ("AB", "blanks")),
        (cells.read_name, "E\u0301nergie", ("Énergie", "accents")),
        (cells.read_name, "A\r\n  B\n\nC", ("A B C", "lines")),
        (cells.read_address, "1 rue A,\n BP 12\r\n", ("1 rue A, BP 12", "lines")),
        (cells.read_address, "48  RUE SAINT SABIN", ("48 RUE SAINT SABIN", "blanks")),
        (cells.read_text, "Un\r\n\r\ndeux  trois\u00a0:\n", ("Un\n\ndeux  trois\u00a0:",)),
        (cells.read_text, "Un\u200b deux", ("Un deux", "blanks")),
        (cells.read_text, " \n", (None,)),
    ],
)
def test_a_text_is_kept_as_it_is_but_for_what_nobody_sees(read, text, expected):
    assert understood(read(text)) == expected


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (cells.read_name, "a" * 251, "cell-too-long"), (cells.read_address, "a" * 201, "cell-too-long"), (cells.read_city, "a" * 81, "cell-too-long"),
        (cells.read_name, "a\x00b", "cell-control"), (cells.read_name, "a\x1bb", "cell-control"), (cells.read_text, "a\x00b", "cell-control"),
        (cells.read_name, "\ud83d", "cell-control"), (cells.read_text, "a\ud83d", "cell-control"), (cells.read_name, "\u200b\u2800", "cell-unreadable-sign"),
        (cells.read_text, "\u200b", "cell-unreadable-sign"), (cells.read_text, "a" * 100_001, "cell-too-long"), (cells.read_name, " " * 9 + "a" * 10_000_000, "cell-too-long"),
    ],
    ids=lambda value: ascii(value)[:20] if isinstance(value, str) else "",
)  # fmt: skip
def test_a_text_that_the_database_would_refuse_is_a_problem(read, text, code):
    assert refused(read(text)) == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MAURICE NAILLER", "Maurice Nailler"), ("EURL BIDAL ALAIN EDOUARD", "EURL Bidal Alain Edouard"),
        ("LA MONNAIE DE PARIS", "La Monnaie de Paris"), ("ÉTABLISSEMENTS D'ART", "Établissements d'Art"), ("SNCF MOBILITÉS", "SNCF Mobilités"),
        ("SAINT-GOBAIN PAM", "Saint-Gobain Pam"), ("S.T.A.R.T. ÉNERGIE", "S.T.A.R.T. Énergie"),
    ],
)  # fmt: skip
def test_a_name_in_capitals_is_offered_in_small_letters(text, expected):
    assert understood(cells.read_capitals(text)) == (expected, "capitals")
    assert understood(cells.read_name(text)) == (text,), "off by default"


@pytest.mark.parametrize("text", ["Maurice Nailler", "CARA", "HORUS 3D et Cie", "IBM", "", "123"])
def test_a_name_that_is_not_all_in_capitals_is_left_as_it_is(text):
    assert cells.read_capitals(text).value in (text or None, text.title()) and (
        text in ("CARA",) or not codes(cells.read_capitals(text))
    )


# --- the post ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("69003", ("69003",)), ("69 003", ("69003", "blanks")), ("1000", ("01000", "leading_zeros")), ("1000.0", ("01000", "float", "leading_zeros")),
        ("69OO3", ("69003", "letter_o")), ("6900o", ("69000", "letter_o")), ("F-69003", ("69003", "label")), ("FR 69003", ("69003", "label")),
        ("69621 CEDEX", ("69621", "cedex")), ("97744", ("97744",)), ("", (None,)), ("/", (None, "nothing")),
    ],
)  # fmt: skip
def test_a_postcode_has_its_five_digits(text, expected):
    assert understood(cells.read_postcode(text)) == expected


@pytest.mark.parametrize(("text", "code"), [("690", "cell-postcode"), ("690033", "cell-postcode"), ("SW1A 1AA", "cell-postcode"), ("00200", "cell-postcode-nowhere"), ("99123", "cell-postcode-nowhere"), ("٦٩٠٠٣", "cell-postcode")])  # fmt: skip
def test_a_postcode_of_nowhere_in_france_is_a_problem(text, code):
    assert refused(cells.read_postcode(text)) == code


def test_a_postcode_abroad_is_kept_as_it_is():
    assert understood(cells.read_postcode("SW1A 1AA", "GB")) == ("SW1A 1AA",)
    assert understood(cells.read_postcode("1000", "BE")) == ("1000",)
    assert understood(cells.read_postcode("28040.0", "ES")) == ("28040", "float")
    assert refused(cells.read_postcode("1234567890123", "US")) == "cell-too-long"


@pytest.mark.parametrize(
    "text",
    ["LYON CEDEX 03", "LYON CEDEX", "LYON Cédex 3", "LYON CEDEX03", "LYON - CEDEX N° 3", "LYON (CEDEX 3)", "LYON, cedex", "LYON CDX 07", "LYON MESSAG CEDEX 9", "Lyon\u00a0Cedex 7".upper()],
)  # fmt: skip
def test_cedex_and_its_number_are_no_part_of_a_town(text):
    value, *repairs = understood(cells.read_city(text))
    assert value == "LYON" and repairs[-1] == "cedex"


@pytest.mark.parametrize("text", ["Lyon", "Aÿ-Champagne", "Paris 8e", "L’Haÿ-les-Roses", "Cedexville"])
def test_any_other_town_is_left_as_it_is(text):
    assert understood(cells.read_city(text)) == (text,)


# --- amounts, yes and no ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "expected"), [("1234.5", ("1234.5",)), ("1 234,56 €", ("1234.56", "amount")), ("2,5 M€", ("2500000", "amount")), ("-3", ("-3",)), ("0", ("0",))])  # fmt: skip
def test_an_amount_is_read_as_the_forms_read_it(text, expected):
    value, *repairs = understood(cells.read_amount(text))
    assert (value, repairs) == (Decimal(expected[0]), list(expected[1:]))


@pytest.mark.parametrize(("text", "code"), [("1,234", "cell-amount-ambiguous"), ("beaucoup", "cell-amount"), ("1,5E+06", "cell-lost-digits"), ("5m", "cell-amount")])  # fmt: skip
def test_an_amount_that_is_none_or_two_is_a_problem(text, code):
    assert refused(cells.read_amount(text)) == code


def test_yes_and_no_are_read_in_both_languages():
    assert [cells.read_yes_no(text).value for text in ("Oui", "yes", "VRAI", "1", "x", "1.0")] == [True] * 6
    assert [cells.read_yes_no(text).value for text in ("Non", "no", "faux", "0", "N")] == [False] * 5
    assert cells.read_yes_no("").value is None and refused(cells.read_yes_no("peut-être")) == "cell-yes-no"


# --- whatever the text ------------------------------------------------------------------------------------------------

READERS = {
    "siren": (cells.read_siren, validate_siren),
    "siret": (cells.read_siret, validate_siret),
    "uai": (cells.read_uai, validate_uai),
    "rnsr": (cells.read_rnsr, validate_rnsr),
    "ror": (cells.read_ror, validate_ror),
    "naf": (cells.read_naf, validate_naf),
    "phone": (cells.read_phone, validate_phone),
    "website": (cells.read_website, validate_website),
    "name": (cells.read_name, lambda value: is_one_line(value) and len(value) <= 250 or 1 / 0),
    "capitals": (cells.read_capitals, lambda value: is_one_line(value) and len(value) <= 250 or 1 / 0),
    "address": (cells.read_address, lambda value: is_one_line(value) and len(value) <= 200 or 1 / 0),
    "city": (cells.read_city, lambda value: is_one_line(value) and len(value) <= 80 or 1 / 0),
    "postcode": (cells.read_postcode, lambda value: len(value) == 5 and value.isdecimal() or 1 / 0),
    "abroad": (lambda text: cells.read_postcode(text, "BE"), lambda value: len(value) <= 12 or 1 / 0),
    "date": (cells.read_date, lambda value: 1900 <= value.year <= 2099 or 1 / 0),
    "year": (cells.read_year, lambda value: 1100 <= value <= 2100 or 1 / 0),
    "latitude": (cells.read_latitude, lambda value: abs(value) <= 90 or 1 / 0),
    "longitude": (cells.read_longitude, lambda value: abs(value) <= 180 or 1 / 0),
    "coordinates": (cells.read_coordinates, lambda value: len(value) == 2 and any(value) or 1 / 0),
    "units": (cells.read_unit_numbers, lambda value: all(len(label) <= 10 and len(number) <= 7 for label, number in value) or 1 / 0),
    "many": (lambda text: cells.read_many(text, cells.read_siret), lambda value: len(set(value)) == len(value) or 1 / 0),
    "amount": (cells.read_amount, lambda value: value.is_finite() or 1 / 0),
    "yes or no": (cells.read_yes_no, lambda value: value in (True, False) or 1 / 0),
    "email": (cells.read_email, lambda value: len(value) <= 254 or 1 / 0),
    "text": (cells.read_text, lambda value: "\x00" not in value and value.encode() or 1 / 0),
}  # fmt: skip
AS_WRITTEN = ["", "-", "n.c.", "http://", "https://www.", "@", "CEDEX", "E+13", "°", "N", "UMR", "ror.org/", "2024", "31/12/", "48.39", ",", ";", "|", "/", "€", "M", ".0", "0", "00", "O", "Z", "\u00a0", "\u200b", "\n", "\x00", "'", "FR", "SIRET"]  # fmt: skip
texts = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.lists(st.one_of(st.sampled_from(AS_WRITTEN), st.text("0123456789 ,.", max_size=6)), max_size=8).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_no_reader_ever_raises_and_what_it_gives_can_be_kept(text):
    for kind, (read, check) in READERS.items():
        cell = read(text)
        if cell.problem is None and cell.value is not None:
            check(cell.value)
        assert cell.problem is None or cell.value is None or kind == "many"
        assert all(repair.code in RepairCode.values and repair.before != repair.after for repair in cell.repairs), (
            kind,
            cell,
        )
        if cell.problem:
            assert str(cell.problem) and json.dumps(cell.problem)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_what_a_reader_gives_it_reads_again_without_a_repair(text):
    again = {
        "city",
        "coordinates",
        "units",
        "many",
        "yes or no",
        "amount",
        "date",
        "year",
        "latitude",
        "longitude",
        "phone",
        "capitals",
        "text",
    }
    for kind, (read, _check) in READERS.items():
        value = read(text).value
        if value is not None and kind not in again:
            assert read(value) == Cell(value), kind


@pytest.mark.parametrize("text", ["a" * 100_000, " " * 100_000 + "x", "\n" * 99_999 + "x", "a\n" * 50_000, "1," * 50_000, "\u00a0" * 100_000, "x" + " " * 99_998 + "x", "http:" * 20_000, "cedex " * 16_000, "(" * 100_000], ids=range(10))  # fmt: skip
def test_a_very_long_cell_is_answered_at_once(text):
    from time import process_time

    for kind, (read, _check) in READERS.items():
        begun = process_time()
        read(text)
        assert process_time() - begun < 1, kind


def test_every_repair_and_every_problem_is_said_in_both_languages():
    for language in ("fr", "en"):
        with translation.override(language):
            assert all(str(code.label) for code in RepairCode)
    letter = check_letter(12)
    assert letter
    sentence = Sentence("cell-siret", {"value": "1"})
    with translation.override("fr"):
        assert str(sentence) != cells.sentence("cell-siret", {})

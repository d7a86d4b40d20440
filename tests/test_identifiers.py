"""Official numbers with their check digits, on numbers that exist."""

import pytest
from django.core.exceptions import ValidationError

from members.identifiers import (
    check_letter,
    compact,
    validate_rnsr,
    validate_ror,
    validate_siren,
    validate_siret,
    validate_uai,
)

LA_POSTE = "356000000"


@pytest.mark.parametrize("siren", ["552100554", "732829320", LA_POSTE, "180089013"])
def test_real_sirens_are_accepted(siren):
    validate_siren(siren)


@pytest.mark.parametrize("siren", ["552100555", "123456789", "55210055", "5521005540", "55210055A", "", "٥٥٢١٠٠٥٥٤"])
def test_wrong_sirens_are_refused_with_a_sentence(siren):
    with pytest.raises(ValidationError) as refused:
        validate_siren(siren)
    assert "SIREN" in refused.value.messages[0] and refused.value.messages[0].endswith(".")


@pytest.mark.parametrize(
    "siret",
    [
        "55210055400013",
        "73282932000074",
        "35600000000048",  # La Poste's head office follows Luhn
        "35600000049837",  # its other establishments: the sum of the digits is a multiple of five
    ],
)
def test_real_sirets_are_accepted_those_of_la_poste_too(siret):
    validate_siret(siret)


@pytest.mark.parametrize("siret", ["55210055400014", "35600000049838", "5521005540001", "552100554000133", "x" * 14])
def test_wrong_sirets_are_refused_with_a_sentence(siret):
    with pytest.raises(ValidationError) as refused:
        validate_siret(siret)
    assert "SIRET" in refused.value.messages[0]


def test_any_one_digit_that_changes_is_noticed():
    for right, validate in (("552100554", validate_siren), ("55210055400013", validate_siret)):
        for place in range(len(right)):
            for digit in "0123456789".replace(right[place], ""):
                with pytest.raises(ValidationError):
                    validate(right[:place] + digit + right[place + 1 :])


def test_laboratories_have_their_check_letter():
    for right in ("199111950H", "200711886U"):
        validate_rnsr(right)
    for wrong in ("199111950A", "199111950", "19911195H", "199111950h", "A99111950H", "199111951H"):
        with pytest.raises(ValidationError):
            validate_rnsr(wrong)


@pytest.mark.parametrize("uai", ["0751717J", "0911568K", "0755976N", "0691774D", "0333298F"])
def test_real_uai_codes_are_accepted(uai):
    validate_uai(uai)


@pytest.mark.parametrize("uai", ["0751717A", "751717J", "0751717j", "07517170", ""])
def test_wrong_uai_codes_are_refused(uai):
    with pytest.raises(ValidationError):
        validate_uai(uai)


def test_the_check_letter_is_the_remainder_by_23_without_i_o_q():
    assert check_letter(751717) == "J"
    assert [check_letter(n) for n in (0, 7, 8, 13, 14, 22, 23)] == ["A", "H", "J", "P", "R", "Z", "A"]


@pytest.mark.parametrize("ror", ["02feahw73", "05a28rw58", "00f54p054", "042nb2s44"])
def test_real_ror_ids_are_accepted(ror):
    validate_ror(ror)


@pytest.mark.parametrize("ror", ["02feahw74", "2feahw73", "02feahw7", "02feahi73", "12feahw73", "02FEAHW73"])
def test_wrong_ror_ids_are_refused(ror):
    with pytest.raises(ValidationError):
        validate_ror(ror)


def test_numbers_are_read_as_people_write_them():
    assert compact("552 100 554") == compact("552.100.554") == compact("552\u202f100-554") == "552100554"
    assert compact("") == compact(None) == ""

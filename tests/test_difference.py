"""What is left of three states of a value: as it was given, as it stands, as it was sent."""

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from cluster_portal.records.difference import Whose, merged_choices, whose

values = st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=2)
choices = st.lists(st.sampled_from("abcdef"), unique=True)


@pytest.mark.parametrize(
    ("given", "now", "sent", "stands"),
    [
        ("a", "a", "a", Whose.NOW),
        ("a", "b", "a", Whose.NOW),  # left alone: another's stays
        ("a", "a", "b", Whose.SENT),
        ("a", "b", "b", Whose.NOW),  # both wrote the same
        ("a", "b", "c", Whose.ASKED),
        ("a", "b", "", Whose.ASKED),  # emptied here, rewritten there
        ("", "b", "c", Whose.ASKED),
    ],
)
def test_a_value_is_that_of_whoever_changed_it_and_of_two_that_differ_one_is_asked(given, now, sent, stands):
    assert whose([given], [now], [sent]) is stands


@whatever(values, values, values)
def test_no_change_of_another_is_lost_unasked(given, now, sent):
    stands = whose(given, now, sent)
    if stands is Whose.SENT:
        assert now == given, "nobody else had changed it"
    if stands is Whose.NOW:
        assert sent in (given, now), "she had not changed it, or to the same"
    if stands is Whose.ASKED:
        assert len({tuple(given), tuple(now), tuple(sent)}) == 3


@whatever(choices, choices, choices)
def test_of_several_choices_both_peoples_additions_and_withdrawals_hold(given, now, sent):
    merged = merged_choices(given, now, sent)
    assert len(set(merged)) == len(merged)
    for one in "abcdef":
        hers = (one in sent) - (one in given)
        theirs = (one in now) - (one in given)
        there = one in merged
        if one in given:
            assert there is (hers == 0 and theirs == 0)
        else:
            assert there is (hers == 1 or theirs == 1)


@whatever(choices, choices)
def test_choices_that_nobody_touched_stay_in_their_order(given, now):
    assert merged_choices(given, now, given) == now

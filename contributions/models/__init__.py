"""What people send in, and what becomes of it."""

from .alerts import FollowedList, Frequency, ListAlert
from .answers import Matter, Notice, NoticeChoice, NoticeTime, SavedAnswer
from .no_more import NoMoreMail, UnwantedMail, is_unwanted, no_more
from .notes import InternalNote
from .proposals import ChangeProposal, ProposalMessage

__all__ = [
    "ChangeProposal", "FollowedList", "Frequency", "InternalNote", "ListAlert", "Matter", "NoMoreMail", "Notice", "NoticeChoice", "NoticeTime", "ProposalMessage",
    "SavedAnswer", "UnwantedMail", "is_unwanted", "no_more",
]  # fmt: skip

"""What people send in, and what becomes of it."""

from .alerts import FollowedList, Frequency, ListAlert
from .answers import Matter, Notice, NoticeChoice, NoticeLanguage, NoticeTime, SavedAnswer
from .messages import RelayedMessage
from .no_more import NoMoreMail, UnwantedMail, digest_of, is_unwanted, no_more, no_more_to
from .notes import InternalNote
from .proposals import ChangeProposal, ProposalMessage

__all__ = [
    "ChangeProposal", "FollowedList", "Frequency", "InternalNote", "ListAlert", "Matter", "NoMoreMail", "Notice",
    "NoticeChoice", "NoticeLanguage", "NoticeTime", "ProposalMessage", "RelayedMessage", "SavedAnswer", "UnwantedMail",
    "digest_of", "is_unwanted", "no_more", "no_more_to",
]  # fmt: skip

"""What people send in, and what becomes of it."""

from .answers import Matter, Notice, NoticeChoice, NoticeLanguage, NoticeTime, SavedAnswer
from .no_more import NoMoreMail, UnwantedMail, is_unwanted, no_more
from .notes import InternalNote
from .proposals import ChangeProposal, ProposalMessage

__all__ = [
    "ChangeProposal", "InternalNote", "Matter", "NoMoreMail", "Notice", "NoticeChoice", "NoticeLanguage", "NoticeTime",
    "ProposalMessage", "SavedAnswer", "UnwantedMail", "is_unwanted", "no_more",
]  # fmt: skip

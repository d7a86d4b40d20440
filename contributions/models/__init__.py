"""What people send in, and what becomes of it."""

from .answers import Matter, Notice, NoticeChoice, NoticeTime, SavedAnswer
from .notes import InternalNote
from .proposals import ChangeProposal, ProposalMessage

__all__ = [
    "ChangeProposal", "InternalNote", "Matter", "Notice", "NoticeChoice", "NoticeTime", "ProposalMessage", "SavedAnswer",
]  # fmt: skip

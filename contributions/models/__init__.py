"""What people send in, and what becomes of it."""

from .proposals import ChangeProposal, ProposalMessage

from .answers import Matter, Notice, NoticeChoice, NoticeTime, SavedAnswer  # isort: skip

__all__ = [
    "ChangeProposal", "Matter", "Notice", "NoticeChoice", "NoticeTime", "ProposalMessage", "SavedAnswer",
]  # fmt: skip

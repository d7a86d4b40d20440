"""What people send in, and what becomes of it."""

from .answers import Matter, Notice, NoticeChoice, NoticeTime, SavedAnswer
from .correspondence import Correspondence, LinkPurpose, LinkState, SignedLink
from .no_more import NoMoreMail, UnwantedMail, digest_of, is_unwanted, no_more, no_more_to, unwanted
from .notes import InternalNote
from .proposals import ChangeProposal, ProposalMessage

__all__ = [
    "ChangeProposal", "Correspondence", "InternalNote", "LinkPurpose", "LinkState", "Matter", "NoMoreMail", "Notice",
    "NoticeChoice", "NoticeTime", "ProposalMessage", "SavedAnswer", "SignedLink", "UnwantedMail", "digest_of",
    "is_unwanted", "no_more", "no_more_to", "unwanted",
]  # fmt: skip

"""What people send in, and what becomes of it."""

from .alerts import FollowedList, Frequency, ListAlert
from .answers import Matter, Notice, NoticeChoice, NoticeLanguage, NoticeTime, SavedAnswer
from .correspondence import Correspondence, LinkPurpose, LinkState, SignedLink
from .messages import RelayedMessage
from .no_more import NoMoreMail, UnwantedMail, digest_of, is_unwanted, no_more, no_more_to, unwanted
from .notes import InternalNote
from .proposals import ChangeProposal, ProposalMessage

__all__ = [
    "ChangeProposal", "Correspondence", "FollowedList", "Frequency", "InternalNote", "LinkPurpose", "LinkState", "ListAlert",
    "Matter", "NoMoreMail", "Notice", "NoticeChoice", "NoticeLanguage", "NoticeTime", "ProposalMessage", "RelayedMessage",
    "SavedAnswer", "SignedLink", "UnwantedMail", "digest_of", "is_unwanted", "no_more", "no_more_to", "unwanted",
]  # fmt: skip

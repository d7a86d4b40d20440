"""What people send in, and what becomes of it."""

from .notes import InternalNote
from .proposals import ChangeProposal, ProposalMessage

__all__ = ["ChangeProposal", "InternalNote", "ProposalMessage"]

"""What people send in, and what becomes of it."""

from .proposals import ChangeProposal, ProposalMessage

__all__ = ["ChangeProposal", "ProposalMessage"]

"""What staff see of what people send in: what waits for them, and what they answer."""

from .proposals import ChangeProposalAdmin
from .saved_answers import SavedAnswerAdmin

__all__ = ["ChangeProposalAdmin", "SavedAnswerAdmin"]

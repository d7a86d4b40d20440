"""What staff see of what people send in: what waits for them, what they answer, and what they note of the records."""

from . import notes  # noqa: F401 (puts them on the forms of others)
from .correspondence import CorrespondenceAdmin
from .proposals import ChangeProposalAdmin
from .saved_answers import SavedAnswerAdmin

__all__ = ["ChangeProposalAdmin", "CorrespondenceAdmin", "SavedAnswerAdmin"]

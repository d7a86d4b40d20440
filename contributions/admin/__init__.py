"""What staff see of what people send in: what waits for them, what they answer, what they note of the records, and how many
messages were sent on."""

from . import messages, notes  # noqa: F401 (put them on the forms of others)
from .correspondence import CorrespondenceAdmin
from .proposals import ChangeProposalAdmin
from .saved_answers import SavedAnswerAdmin

__all__ = ["ChangeProposalAdmin", "CorrespondenceAdmin", "SavedAnswerAdmin"]

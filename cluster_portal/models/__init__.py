"""What belongs to the portal as a whole: its texts, and what the database remembers about rows of every app."""

from . import history  # noqa: F401 (after the models of which it is)
from .answers import Answer
from .bulk_changes import BulkChange
from .confirmations import Confirmation
from .erasures import Erasure
from .memory import FormerSlug, ReferenceRow
from .outgoing_mail import OutgoingMail
from .pages import Page
from .search_words import SearchWord
from .security import SecurityEvent, UnsentMail

__all__ = [
    "Answer", "BulkChange", "Confirmation", "Erasure", "FormerSlug", "OutgoingMail", "Page", "ReferenceRow", "SearchWord",
    "SecurityEvent", "UnsentMail",
]  # fmt: skip

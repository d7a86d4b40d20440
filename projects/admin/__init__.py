"""What staff see and edit of projects, programmes and published figures."""

from .projects import ProjectAdmin

from .declared import DeclaredFigureAdmin  # isort: skip
from .programmes import FunderAdmin, ProgrammeAdmin  # isort: skip

__all__ = ["DeclaredFigureAdmin", "FunderAdmin", "ProgrammeAdmin", "ProjectAdmin"]

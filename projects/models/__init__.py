"""Collaborative projects: who takes part, who pays, what came of it, and what was said of it all."""

from . import history  # noqa: F401 (after the models of which it is)
from .declared import DeclaredFigure
from .programmes import Funder, Programme
from .projects import Funding, Outcome, Participation, Project, ProjectLabel
from .search import ProjectDocument

__all__ = [
    "DeclaredFigure",
    "Funder",
    "Funding",
    "Outcome",
    "Participation",
    "Programme",
    "Project",
    "ProjectDocument",
    "ProjectLabel",
]

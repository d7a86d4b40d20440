"""What of projects has a history, and on whose page it is told."""

from cluster_portal.history.tracking import track, track_choices

from .declared import DeclaredFigure
from .projects import Funding, Outcome, Participation, Project, ProjectLabel

track(Project)
track_choices(Project, "themes")
track(Participation, "project")
track(ProjectLabel, "project")
track(Funding, "project")
track(Outcome, "project")
track(DeclaredFigure)

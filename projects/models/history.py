"""What of projects has a history, and on whose page it is told."""

from cluster_portal.history.tracking import track, track_choices

from .declared import DeclaredFigure
from .projects import Funding, Outcome, Participation, Project, ProjectLabel

track(Project)
track_choices(Project, "themes")
track(Participation, "project", named_by=("organisation",))
track(ProjectLabel, "project", named_by=("cluster",))
track(Funding, "project", named_by=("programme",))
track(Outcome, "project", named_by=("title_fr",))
track(DeclaredFigure)

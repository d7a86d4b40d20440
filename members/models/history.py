"""What of the directory has a history, and on whose page it is told."""

from cluster_portal.history.tracking import track, track_choices

from .clusters import Cluster, ClusterName, ClusterRegion, LabelPeriod, Succession
from .memberships import Membership
from .numbers import FurtherNumber, UnitNumber
from .organisations import ContactPerson, Organisation, OrganisationName
from .roles import RoleAssignment
from .sites import Site
from .themes import Theme

track(Theme)
track(Cluster)
track_choices(Cluster, "themes")
track(ClusterRegion, "cluster")
track(ClusterName, "cluster")
track(LabelPeriod, "cluster")
track(Succession, "predecessor", "successor")
track(Organisation)
track_choices(Organisation, "themes")
track_choices(Organisation, "supervisors")
track(OrganisationName, "organisation")
track(Site, "organisation")
track(Membership, "organisation")
track(UnitNumber, "organisation")
track(FurtherNumber, "organisation")
# Whoever asks to be forgotten is: of a person nothing is kept but that somebody changed something, and when.
track(ContactPerson, "organisation", keep=("id", "organisation", "cluster"), own="cluster")
track(RoleAssignment, "user")

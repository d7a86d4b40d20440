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
track(ClusterRegion, "cluster", named_by=("region",))
track(ClusterName, "cluster", named_by=("name",))
track(LabelPeriod, "cluster", named_by=("phase",))
track(Succession, "predecessor", "successor", named_by=("kind", "predecessor", "successor"))
track(Organisation)
track_choices(Organisation, "themes")
track_choices(Organisation, "supervisors")
track(OrganisationName, "organisation", named_by=("name",))
track(Site, "organisation", named_by=("name", "city"))
track(Membership, "organisation", named_by=("cluster",))
track(UnitNumber, "organisation", named_by=("label", "number"))
track(FurtherNumber, "organisation", named_by=("kind", "value"))
# Whoever asks to be forgotten is: of a person nothing is kept but that somebody changed something, and when.
track(ContactPerson, "organisation", named_by=("cluster",), keep=("id", "organisation", "cluster"), own="cluster")
track(RoleAssignment, "user", named_by=("role", "cluster"))

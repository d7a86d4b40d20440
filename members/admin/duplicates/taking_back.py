"""A merger is taken back as a whole, by whoever keeps both, though rows of others moved with it."""

from typing import Any

from cluster_portal.admin.undo import Whole, taken_back_as_a_whole
from cluster_portal.history.change_sets import Kind
from cluster_portal.history.steps import Step
from cluster_portal.records.scope import EDIT_NETWORK
from members.duplicates.merging import put_back
from members.models import Organisation
from members.rights import Rights, with_rights


class OfBoth(Whole):
    def is_hers(self, user, said: dict[str, Any]) -> bool:
        if user.has_perm(EDIT_NETWORK):
            return True
        both = set((said.get("merged") or {}).values())
        return bool(both) and Organisation.objects.kept_by(user).filter(pk__in=both).count() == len(both)

    def everywhere(self, user):
        return with_rights(user.pk, Rights(network=True))

    def hinges_on(self, step: Step, said: dict[str, Any]) -> bool:
        """What was merged stands for itself again, as public as it was. What was split off may stay, as an empty draft."""
        of_the_other = step.tracked.model is Organisation and step.pk == (said.get("merged") or {}).get("other")
        return of_the_other and any({"merged_into_id", "status"} & set(left.columns) for left in step.left)

    def put_back(self, said: dict[str, Any]) -> None:
        put_back(said)


for kind in (Kind.MERGE, Kind.SPLIT):
    taken_back_as_a_whole(kind, OfBoth())

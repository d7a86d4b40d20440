"""What each cluster says for itself: rows that bear its name, and are written by its own editors."""

from members.rights import rights_of


def cluster_worked_for(request) -> int | None:
    """Where somebody works for one cluster, that one: what she makes belongs there."""
    clusters = rights_of(request.user).clusters
    return next(iter(clusters)) if len(clusters) == 1 else None


class OfOwnCluster:
    """Rows with a ``cluster``, which is one's own; of several, the person chooses."""

    own_choices = ("cluster",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "cluster" and not rights_of(request.user).network:
            field.required = True
            field.initial = cluster_worked_for(request)
        return field

"""What the frame of every page needs of the data."""

from members.facets import MEMBER_INDEX


def demo_network(request) -> dict:
    """Whether the organisations shown are invented; looked up only by a template that says so."""
    return {"demo_network": lambda: MEMBER_INDEX.at().invented}

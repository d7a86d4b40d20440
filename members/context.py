"""What the frame of every page needs of the data."""

from members.models import Organisation


def demo_network(request) -> dict:
    """Whether the organisations shown are invented; asked only by a template that says so."""
    return {"demo_network": Organisation.objects.filter(is_demo=True).exists}

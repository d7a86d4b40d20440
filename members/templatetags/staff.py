"""What the staff's pages say of the person: for which of her clusters she works now, whose people she manages, and where the
work on a member begins; and to administrators where the work behind the pages is."""

from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("admin/_worked_for.html", takes_context=True)
def worked_for(context) -> dict:
    from members.admin.own import cluster_worked_for, clusters_worked_for  # once the admin is there

    request = context["request"]
    return {"request": request, "clusters": clusters_worked_for(request), "now": cluster_worked_for(request)}


@register.inclusion_tag("admin/_find_or_add.html", takes_context=True)
def find_or_add(context) -> dict:
    """The box of the first page, for whoever works for a cluster."""
    from members.admin.own import cluster_worked_for, clusters_worked_for

    request = context["request"]
    now = cluster_worked_for(request)
    cluster = next((one for one in clusters_worked_for(request) if one.pk == now), None)
    return {"url": reverse("admin:members_membership_find"), "cluster": cluster, "along": "", "typed": ""}


@register.simple_tag(takes_context=True)
def address_of_people(context) -> str:
    """Of the page of the people whom she manages; nothing for whoever manages none."""
    from members.admin.team import manages_people  # once the admin is there

    request = context["request"]
    return reverse("admin:members_people") if manages_people(request.user) else ""


@register.simple_tag(takes_context=True)
def address_of_work(context) -> str:
    from cluster_portal.work.staff_pages import address_of_work as address  # once the admin is there

    return address(context["request"].user)

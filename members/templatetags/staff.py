"""What the header of the staff's pages says of the person: for which of her clusters she works now, whose people she manages."""

from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("admin/_worked_for.html", takes_context=True)
def worked_for(context) -> dict:
    from members.admin.own import cluster_worked_for, clusters_worked_for  # once the admin is there

    request = context["request"]
    return {"request": request, "clusters": clusters_worked_for(request), "now": cluster_worked_for(request)}


@register.simple_tag(takes_context=True)
def address_of_people(context) -> str:
    """Of the page of the people whom she manages; nothing for whoever manages none."""
    from members.admin.team import manages_people  # once the admin is there

    request = context["request"]
    return reverse("admin:members_people") if manages_people(request.user) else ""

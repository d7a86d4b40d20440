"""What the header of the staff's pages says of the person: for which of her clusters she works now."""

from django import template

register = template.Library()


@register.inclusion_tag("admin/_worked_for.html", takes_context=True)
def worked_for(context) -> dict:
    from members.admin.own import cluster_worked_for, clusters_worked_for  # once the admin is there

    request = context["request"]
    return {"request": request, "clusters": clusters_worked_for(request), "now": cluster_worked_for(request)}

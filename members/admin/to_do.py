"""What the first page says is waiting: each need with its number and the list behind it."""

from django.db.models import Count
from django.urls import reverse
from django.utils.text import capfirst


def to_do_lines(model_admin, request, needs_filter) -> list[dict]:
    """One query for all the numbers; needs that nothing has are left out."""
    needs = needs_filter.needs
    numbers = model_admin.get_queryset(request).order_by().aggregate(
        **{key: Count("pk", filter=condition()) for key, (_label, condition) in needs.items()}
    )
    opts = model_admin.opts
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return [
        {
            "model": capfirst(opts.verbose_name_plural),
            "label": label,
            "count": numbers[key],
            "url": f"{address}?{needs_filter.parameter_name}={key}",
        }
        for key, (label, _condition) in needs.items()
        if numbers[key]
    ]

"""People and their roles: the administrators' pages."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin, PortalTabularInline
from cluster_portal.sign_in.security_log import password_given
from members.models import Person, RoleAssignment

admin.site.unregister(User)
admin.site.unregister(Group)


class RoleInline(PortalTabularInline):
    model = RoleAssignment
    fk_name = "user"
    fields = ["role", "cluster", "valid_from", "valid_until"]
    fetched = ("cluster",)


@admin.register(Person)
class PersonAdmin(PortalAdmin, UserAdmin):
    """No permission is ticked: what somebody may do follows from her roles. Whoever leaves is made inactive; her name stays
    where it stands."""

    form = UserChangeForm

    list_display = ["username", "full_name", "email", "roles", "last_login", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]
    filter_horizontal = ()
    exclude = ["groups", "user_permissions"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("Account"), {"fields": ["is_active", ("last_login", "date_joined")]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [RoleInline]

    def for_list(self, rows, user):
        return rows.prefetch_related("role_assignments__cluster")

    def has_delete_permission(self, request, obj=None):
        return False

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 (Django names it so)
        """Of somebody else, who is told; for one's own there is the page that asks for the one of today."""
        if str(id) == str(request.user.pk):
            return redirect("account_change_password")
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == 302:
            password_given(request, self.get_object(request, id))
        return answer

    def save_formset(self, request, form, formset, change):
        for row in formset.save(commit=False):
            if row.pk is None:
                row.granted_by = request.user
        super().save_formset(request, form, formset, change)

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, obj):
        return obj.get_full_name()

    @admin.display(description=_("roles today"))
    def roles(self, obj):
        running = [role for role in obj.role_assignments.all() if role.is_running()]
        names = [role.get_role_display() + (f" ({role.cluster})" if role.cluster_id else "") for role in running]
        return ", ".join(map(str, names)) or None

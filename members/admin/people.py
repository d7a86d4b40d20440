"""People and their roles: the administrators' pages."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin, PortalTabularInline, RowsOfOneParent
from cluster_portal.models import SecurityEvent
from cluster_portal.sign_in.security_log import password_given, record
from members import leaving
from members.models import Cluster, Person, Role, RoleAssignment

from .team import address_of_hand_over

admin.site.unregister(User)
admin.site.unregister(Group)


class Roles(RowsOfOneParent):
    def clean(self):
        """Nobody can give roles once the last administrator has none."""
        super().clean()
        administrators = RoleAssignment.objects.administrators().select_for_update(of=("self",))
        people = {row.user_id for row in administrators}
        if people != {self.instance.pk}:
            return
        kept = [form.instance for form in self.forms if form.is_valid() and not self._should_delete_form(form)]
        if not self.instance.is_active or not any(one.role == Role.ADMINISTRATOR and one.is_running() for one in kept):
            raise ValidationError(_("This is the last administrator: give the role to somebody else first."))


class RoleInline(PortalTabularInline):
    model = RoleAssignment
    formset = Roles
    fk_name = "user"
    fields = ["role", "cluster", "valid_from", "valid_until"]
    fetched = ("cluster",)


@admin.register(Person)
class PersonAdmin(PortalAdmin, UserAdmin):
    """No permission is ticked: what somebody may do follows from her roles. Whoever leaves is made inactive; her name stays
    where it stands."""

    form = UserChangeForm
    keeps_typed = False  # passwords are

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

    def save_related(self, request, form, formsets, change):
        """What is given and what ends goes to the security log, and with what ends goes what hung on it."""
        person = form.instance
        was = self._roles_of(person)
        super().save_related(request, form, formsets, change)
        now = self._roles_of(person)
        given = [(SecurityEvent.Kind.ROLE_GIVEN, now[one]) for one in now if one not in was]
        ended = [(SecurityEvent.Kind.ROLE_ENDED, was[one]) for one in was if one not in now]
        for kind, role in (*ended, *given):
            record(request, kind, person, leaving.said_of(role, request.user))
        leaving.settle(request, person)
        lost = was.values() if not person.is_active else [role for _kind, role in ended]
        for place in {role.cluster_id: role.cluster for role in lost}.values():
            self._ask_who_takes_over(request, person, place)

    @staticmethod
    def _roles_of(person) -> dict[tuple, RoleAssignment]:
        """Those that run or will, as they stand in the database; one that has become another is another."""
        rows = RoleAssignment.objects.not_over().filter(user=person.pk).select_related("cluster")
        return {(row.pk, row.role, row.cluster_id): row for row in rows}

    def _ask_who_takes_over(self, request, person, place: Cluster | None) -> None:
        if number := leaving.left_behind(place).get(person.pk):
            text = _("%(number)d drafts of %(place)s are still assigned to %(name)s:") % {
                "number": number,
                "place": place or _("the network"),
                "name": person.get_full_name() or person.get_username(),
            }
            address = address_of_hand_over(place, person.pk)
            link = format_html('{} <a href="{}">{}</a>', text, address, _("say who takes over"))
            self.message_user(request, link, messages.WARNING)

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, obj):
        return obj.get_full_name()

    @admin.display(description=_("roles today"))
    def roles(self, obj):
        running = [role for role in obj.role_assignments.all() if role.is_running()]
        names = [role.get_role_display() + (f" ({role.cluster})" if role.cluster_id else "") for role in running]
        return ", ".join(map(str, names)) or None

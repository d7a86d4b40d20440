"""Invitations and roles in the security log."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0015_history'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='securityevent',
            name='portal_securityevent_kind_known',
        ),
        migrations.AlterField(
            model_name='securityevent',
            name='kind',
            field=models.CharField(choices=[('signed_in', 'Signed in'), ('signed_out', 'Signed out'), ('wrong_password', 'Wrong password'), ('wrong_code', 'Wrong code'), ('refused', 'Refused after too many attempts'), ('new_device', 'New device'), ('password_changed', 'Password changed'), ('password_asked', 'Forgotten password, link sent'), ('factor_added', 'Second factor set up'), ('factor_removed', 'Second factor removed'), ('codes_renewed', 'New recovery codes'), ('session_ended', 'Session ended from another one'), ('invited', 'Invited somebody'), ('invitation_accepted', 'Invitation accepted'), ('invitation_revoked', 'Invitation withdrawn'), ('role_given', 'Role given'), ('role_ended', 'Role ended'), ('mail_failed', 'Mail not sent')], max_length=20, verbose_name='what'),
        ),
        migrations.AddConstraint(
            model_name='securityevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['signed_in', 'signed_out', 'wrong_password', 'wrong_code', 'refused', 'new_device', 'password_changed', 'password_asked', 'factor_added', 'factor_removed', 'codes_renewed', 'session_ended', 'invited', 'invitation_accepted', 'invitation_revoked', 'role_given', 'role_ended', 'mail_failed'])), name='portal_securityevent_kind_known', violation_error_message='Choose one of the values offered.'),
        ),
    ]

"""Signatures, links, decisions and history of issues.

Issues made before are dropped: `manage.py relink` (which ./run calls) makes them anew from the errors.
"""

from django.conf import settings
from django.db import migrations, models


def drop_issues(apps, schema_editor):  # type: ignore[no-untyped-def]
    apps.get_model("kb", "Occurrence").objects.all().delete()
    apps.get_model("kb", "Issue").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("kb", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.RunPython(drop_issues, migrations.RunPython.noop),
        migrations.RemoveConstraint("issue", "one_issue_a_fingerprint"),
        migrations.RemoveField("issue", "version"),
        migrations.RemoveField("issue", "fingerprint"),
        migrations.RemoveField("occurrence", "parts"),
    ]

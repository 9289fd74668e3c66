"""Notes which names of issues a grouping rule gave, so that they alone go with it."""

import hashlib

import django.db.models.deletion
from django.db import migrations, models


def note_names_of_rules(apps, schema_editor):
    """A name is a rule's if the rule's errors bear it and nobody ever renamed their issue."""
    issues = apps.get_model("kb", "Issue").objects
    for rule in apps.get_model("kb", "GroupingRule").objects.filter(undone_at=None):
        digest = hashlib.blake2b(f"rule {rule.pk}".encode(), digest_size=16).hexdigest()
        own = {"occurrences__signature__version": 0, "occurrences__signature__digest": digest}
        named = issues.filter(name=rule.name, **own).exclude(events__action="renamed")
        issues.filter(pk__in=list(named.values_list("pk", flat=True))).update(named_by=rule)


class Migration(migrations.Migration):

    dependencies = [
        ("kb", "0010_import_heading"),
    ]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="named_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="named_issues",
                to="kb.groupingrule",
            ),
        ),
        migrations.RunPython(note_names_of_rules, migrations.RunPython.noop, elidable=True),
    ]

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Fields are named after the models that they point at, and numbers of sessions are counts. Rows stay as they are.

    The constraint goes and comes back around the renaming, since Django does not rename fields within constraints.
    """

    dependencies = [
        ("kb", "0014_index_versions_and_removals"),
        ("session_logs", "0004_log_without_content"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("ProposedClosure", "one_closing_a_record"),
        migrations.RenameField("TrackedStep", "sessions", "session_count"),
        migrations.RenameField("StepMention", "item", "tracked_step"),
        migrations.RenameField("StepEvent", "item", "tracked_step"),
        migrations.RenameField("ProposedClosure", "item", "tracked_step"),
        migrations.AddConstraint(
            "ProposedClosure",
            models.UniqueConstraint(fields=["tracked_step", "session", "kind", "text"], name="one_closure_a_record"),
        ),
        # Only names in Python and choices change from here on: no database is altered.
        migrations.AlterField(
            model_name="errorside",
            name="decision",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="error_sides", to="kb.groupingdecision"
            ),
        ),
        migrations.AlterField(
            model_name="errorside",
            name="error",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="decision_sides", to="session_logs.error"
            ),
        ),
        migrations.AlterField(
            model_name="groupingdecision",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="grouping_decisions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="issueevent",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="issue_events",
                to="kb.groupingdecision",
            ),
        ),
        migrations.AlterField(
            model_name="proposedclosure",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="answered_closures",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="proposedclosure",
            name="event",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="proposed_closures",
                to="kb.stepevent",
            ),
        ),
        migrations.AlterField(
            model_name="proposedclosure",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="proposed_closures",
                to="session_logs.sessionlog",
            ),
        ),
        migrations.AlterField(
            model_name="proposedclosure",
            name="tracked_step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="proposed_closures", to="kb.trackedstep"
            ),
        ),
        migrations.AlterField(
            model_name="stepevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("done", "marked it done"),
                    ("reopened", "reopened it"),
                    ("snoozed", "snoozed it"),
                    ("woken", "woke it up"),
                    ("assigned", "assigned it"),
                    ("priority", "set its priority"),
                    ("commented", "commented"),
                    ("merged", "merged steps into it"),
                    ("split", "split mentions off"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="stepevent",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="step_events",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="stepevent",
            name="decision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="step_events",
                to="kb.groupingdecision",
            ),
        ),
        migrations.AlterField(
            model_name="stepside",
            name="side",
            field=models.CharField(choices=[("left", "Left"), ("right", "Right")], max_length=5),
        ),
        migrations.AlterField(
            model_name="stepside",
            name="step",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="decision_sides", to="session_logs.nextstep"
            ),
        ),
        migrations.AlterField(
            model_name="stepwording",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="step_wordings", to="session_logs.project"
            ),
        ),
        migrations.AlterField(
            model_name="trackedstep",
            name="assignee",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="assigned_steps",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="trackedstep",
            name="project",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="tracked_steps", to="session_logs.project"
            ),
        ),
    ]

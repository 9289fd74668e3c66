from django.db import migrations, models


class Migration(migrations.Migration):
    """An import has an origin and a label; what a file's import and its undoing came to has plain names."""

    dependencies = [("kb", "0015_tracked_step_fields")]

    operations = [
        migrations.RenameField("Import", "origin", "label"),
        migrations.RenameField("Import", "source", "origin"),
        migrations.RenameField("Import", "staged", "batch"),
        migrations.RenameField("Import", "cancel_asked", "cancel_requested"),
        migrations.RenameField("Import", "beat_at", "heartbeat_at"),
        migrations.RenameField("ImportedFile", "further", "is_copy"),
        migrations.RenameField("ImportedFile", "undone", "undo_result"),
        migrations.AlterField(
            "MaskedSecret",
            "verdict",
            models.CharField(
                blank=True, choices=[("false alarm", "false alarm"), ("real", "real credential")], max_length=12
            ),
        ),
    ]

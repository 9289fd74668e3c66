from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kb", "0021_watched_folders")]

    operations = [
        migrations.AlterField(
            model_name="searchentry",
            name="kind",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "session"),
                    (2, "error"),
                    (3, "fix"),
                    (4, "command"),
                    (5, "next step"),
                    (6, "file"),
                    (7, "learning"),
                    (8, "decision"),
                    (9, "commit"),
                    (10, "line"),
                ]
            ),
        ),
    ]

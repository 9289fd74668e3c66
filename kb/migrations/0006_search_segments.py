"""The index moves from each database's full text to segments of its own, the same on both.

What was indexed before is dropped: `manage.py reindex` (which ./run calls) indexes every session that is not.
"""

import django.db.models.deletion
import uuid
from django.db import migrations, models


def drop_entries(apps, schema_editor):  # type: ignore[no-untyped-def]
    apps.get_model("kb", "SearchEntry").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('kb', '0005_grouping_rules'),
    ]

    operations = [
        migrations.RunPython(drop_entries, migrations.RunPython.noop),
        migrations.RunSQL('DROP TABLE IF EXISTS kb_search_words', migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='searchentry',
            name='id',
            field=models.BigAutoField(primary_key=True, serialize=False),
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField()),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('removed', models.BinaryField(default=b'')),
            ],
            options={
                'indexes': [models.Index(fields=['first'], name='segment_first')],
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.TextField()),
                ('data', models.BinaryField()),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='kb.segment')),
            ],
        ),
    ]

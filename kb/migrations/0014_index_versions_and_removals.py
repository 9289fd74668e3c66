"""Segments say which version they are of and which entries they hold; removals are rows of their own.

Segments that are there keep version "1", which search no longer reads: `manage.py reindex` (which ./run calls) indexes
their sessions anew and then deletes them.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kb', '0013_one_family_of_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='MergeLease',
            fields=[
                ('id', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('holder', models.UUIDField()),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.RemoveField(
            model_name='segment',
            name='removed',
        ),
        migrations.AddField(
            model_name='block',
            name='checksum',
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='segment',
            name='block_count',
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='segment',
            name='entries',
            field=models.BinaryField(default=b''),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='segment',
            name='size',
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='segment',
            name='state',
            field=models.PositiveSmallIntegerField(choices=[(1, 'live'), (2, 'being written'), (3, 'to be deleted'), (4, 'damaged')], default=1),
        ),
        migrations.AddField(
            model_name='segment',
            name='version',
            field=models.CharField(default='1', max_length=20),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name='Removal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entries', models.BinaryField()),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='removals', to='kb.segment')),
            ],
        ),
    ]

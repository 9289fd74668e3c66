"""Log files: their redacted text, and the paths they were imported from."""

from __future__ import annotations

from django.db import models


class Log(models.Model):
    """One log's content. The same content under two paths is one log with two paths.

    sha256     of the original bytes, so that the same file is recognised whatever was masked in it; null once the
               log has no path, so that the same content is read again
    text       the log after redaction; its lines are the original's lines
    coverage   {"lines", "recorded", "context", "unparsed": [[first, last], ...]}
    layout     the roles of its sections in order, in words
    unknown    {heading of unknown meaning: lines not understood under it}
    findings   what was masked: [{"rule", "line", "start", "end", "masked"}, ...]
    was_at     the last path of a log that has none any more, and is kept because a person acted on one of its errors
    """

    sha256 = models.CharField(max_length=64, unique=True, null=True)
    text = models.TextField()
    encoding = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField(help_text="Bytes of the original file.")
    coverage = models.JSONField(default=dict)
    layout = models.CharField(max_length=300, blank=True)
    unknown = models.JSONField(default=dict, blank=True)
    findings = models.JSONField(default=list, blank=True)
    was_at = models.CharField(max_length=1000, blank=True)
    imported_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-imported_at"]

    def __str__(self) -> str:
        path = self.paths.first()
        return path.path if path else self.was_at

    @property
    def name(self) -> str:
        """The file name of the first path."""
        return str(self).rsplit("/", 1)[-1]


class LogPath(models.Model):
    """A path that a log was imported from."""

    log = models.ForeignKey(Log, on_delete=models.CASCADE, related_name="paths")
    path = models.CharField(max_length=1000, unique=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.path

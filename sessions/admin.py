"""The admin, for looking records up. None can be changed here, since the next import would undo that."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from sessions import models


class ReadOnly:
    """For an admin or an inline that only shows its rows: records come from logs, decisions from the pages."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(models.Project)
class ProjectAdmin(ReadOnly, admin.ModelAdmin):
    search_fields = ["name"]


@admin.register(models.SessionLog)
class SessionLogAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "date", "project", "status", "duration_minutes"]
    list_filter = ["status", "project"]
    list_select_related = ["project"]
    search_fields = ["title", "summary"]
    date_hierarchy = "date"


class RecordAdmin(ReadOnly, admin.ModelAdmin):
    """Shared by the admins of all records."""

    list_select_related = ["session"]


@admin.register(models.Error)
class ErrorAdmin(RecordAdmin):
    list_display = ["title", "exception", "status", "found_by", "certainty", "session", "line"]
    list_filter = ["status", "found_by"]
    search_fields = ["title", "message", "exception"]


class AttemptInline(ReadOnly, admin.TabularInline):
    model = models.Attempt


@admin.register(models.Fix)
class FixAdmin(RecordAdmin):
    list_display = ["title", "outcome", "found_by", "certainty", "session", "line"]
    list_filter = ["outcome", "found_by"]
    search_fields = ["title", "detail"]
    inlines = [AttemptInline]


@admin.register(models.Command)
class CommandAdmin(RecordAdmin):
    list_display = ["text", "language", "session", "line"]
    list_filter = ["language"]
    search_fields = ["text", "purpose"]


@admin.register(models.NextStep)
class NextStepAdmin(RecordAdmin):
    list_display = ["text", "priority", "blocker", "done", "found_by", "certainty", "session", "line"]
    list_filter = ["priority", "blocker", "done", "found_by"]
    search_fields = ["text", "detail"]


@admin.register(models.FileChange)
class FileChangeAdmin(RecordAdmin):
    list_display = ["path", "action", "session", "line"]
    list_filter = ["action"]
    search_fields = ["path", "description"]


@admin.register(models.Learning, models.Objective)
class TextAdmin(RecordAdmin):
    list_display = ["text", "session", "line"]
    search_fields = ["text"]


@admin.register(models.Decision)
class DecisionAdmin(RecordAdmin):
    list_display = ["text", "found_by", "certainty", "session", "line"]
    list_filter = ["found_by"]
    search_fields = ["text", "rationale"]


@admin.register(models.Commit)
class CommitAdmin(RecordAdmin):
    list_display = ["hash", "message", "session", "line"]
    search_fields = ["hash", "message"]

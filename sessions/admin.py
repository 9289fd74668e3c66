"""The admin: every record can be looked up and corrected."""

from __future__ import annotations

from django.contrib import admin

from sessions import models


@admin.register(models.Project)
class ProjectAdmin(admin.ModelAdmin):
    search_fields = ["name"]


class LogPathInline(admin.TabularInline):
    model = models.LogPath
    extra = 0


@admin.register(models.Log)
class LogAdmin(admin.ModelAdmin):
    list_display = ["__str__", "encoding", "size", "imported_at"]
    search_fields = ["paths__path", "sha256"]
    inlines = [LogPathInline]


@admin.register(models.SessionLog)
class SessionLogAdmin(admin.ModelAdmin):
    list_display = ["title", "date", "project", "status", "duration_minutes"]
    list_filter = ["status", "project"]
    list_select_related = ["project"]
    search_fields = ["title", "summary"]
    date_hierarchy = "date"
    autocomplete_fields = ["project", "log"]


class RecordAdmin(admin.ModelAdmin):
    """What the admins of all records share."""

    list_select_related = ["session"]
    autocomplete_fields = ["session"]
    readonly_fields = ["key"]


@admin.register(models.Error)
class ErrorAdmin(RecordAdmin):
    list_display = ["title", "exception", "status", "session", "line"]
    list_filter = ["status"]
    search_fields = ["title", "message", "exception"]


class AttemptInline(admin.TabularInline):
    model = models.Attempt
    extra = 0
    autocomplete_fields = ["error"]


@admin.register(models.Fix)
class FixAdmin(RecordAdmin):
    list_display = ["title", "outcome", "session", "line"]
    list_filter = ["outcome"]
    search_fields = ["title", "detail"]
    inlines = [AttemptInline]


@admin.register(models.Command)
class CommandAdmin(RecordAdmin):
    list_display = ["text", "language", "session", "line"]
    list_filter = ["language"]
    search_fields = ["text", "purpose"]


@admin.register(models.NextStep)
class NextStepAdmin(RecordAdmin):
    list_display = ["text", "priority", "blocker", "done", "session", "line"]
    list_filter = ["priority", "blocker", "done"]
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
    list_display = ["text", "session", "line"]
    search_fields = ["text", "rationale"]


@admin.register(models.Commit)
class CommitAdmin(RecordAdmin):
    list_display = ["hash", "message", "session", "line"]
    search_fields = ["hash", "message"]

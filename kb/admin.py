"""The admin of what is known across sessions. It is read-only: decisions are made on the pages, where they take effect.

Only logs can be deleted here, along with everything that was linked to them or indexed from them.
"""

from __future__ import annotations

from collections.abc import Iterable

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from kb import models
from kb.importing.undoing import remove_log
from sessions.admin import ReadOnly
from sessions.models import Log, LogPath, SessionLog


class LogPathInline(ReadOnly, admin.TabularInline):
    model = LogPath


@admin.register(Log)
class LogAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "encoding", "size", "imported_at"]
    search_fields = ["paths__path", "sha256"]
    inlines = [LogPathInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Log]:
        """Without the texts, which make most of a log."""
        return super().get_queryset(request).defer("text", "findings", "coverage", "unknown").prefetch_related("paths")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """What is left of a removed log cannot be deleted, since somebody worked on its errors."""
        is_left = isinstance(obj, Log) and not obj.paths.exists()
        return not is_left and admin.ModelAdmin.has_delete_permission(self, request, obj)

    def get_deleted_objects(
        self, objs: Iterable[Log], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Lists only the logs: their records are deleted with them."""
        logs = list(objs)
        counts = {"logs": len(logs), "sessions": SessionLog.objects.filter(log__in=logs).count()}
        return [str(log) for log in logs], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: Log) -> None:
        if kept := remove_log(obj):
            messages.warning(request, kept)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Log]) -> None:
        for log in queryset:
            self.delete_model(request, log)


class OccurrenceInline(ReadOnly, admin.TabularInline):
    model = models.Occurrence


class IssueEventInline(ReadOnly, admin.TabularInline):
    model = models.IssueEvent


class ErrorSideInline(ReadOnly, admin.TabularInline):
    model = models.ErrorSide


class StepMentionInline(ReadOnly, admin.TabularInline):
    model = models.StepMention


class StepEventInline(ReadOnly, admin.TabularInline):
    model = models.StepEvent


class StepSideInline(ReadOnly, admin.TabularInline):
    model = models.StepSide


@admin.register(models.TrackedStep)
class TrackedStepAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "project", "session_count", "raised_on", "latest_on", "priority", "assignee", "done_at"]
    list_filter = ["project"]
    search_fields = ["text"]
    inlines = [StepMentionInline, StepEventInline]


@admin.register(models.StepWording)
class StepWordingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["words", "project"]
    search_fields = ["words"]


@admin.register(models.ProposedClosure)
class ProposedClosureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["tracked_step", "kind", "text", "score", "accepted", "by"]
    list_filter = ["accepted", "kind"]


@admin.register(models.Issue)
class IssueAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "assignee", "resolved_at", "ignored_at"]
    search_fields = ["title", "name"]
    inlines = [OccurrenceInline, IssueEventInline]


@admin.register(models.Signature)
class SignatureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["digest", "version", "parts"]
    list_filter = ["version"]
    search_fields = ["digest"]


@admin.register(models.SignatureKey)
class SignatureKeyAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["key", "signature"]
    search_fields = ["key"]


@admin.register(models.SignatureLink)
class SignatureLinkAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["one", "other", "score", "matched"]


@admin.register(models.Relinking)
class RelinkingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["started_at", "finished_at", "version", "total", "done", "joined", "divided", "dismissed_at"]


@admin.register(models.WatchedFolder)
class WatchedFolderAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["path", "added_by", "from_terminal", "added_at", "paused_at", "removed_at", "logs", "seen_at"]


@admin.register(models.GroupingDecision)
class GroupingDecisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["kind", "by", "at", "undone_at"]
    list_filter = ["kind"]
    inlines = [ErrorSideInline, StepSideInline]


@admin.register(models.Occurrence)
class OccurrenceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["error", "issue", "signature"]


@admin.register(models.ErrorSide)
class ErrorSideAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["decision", "error", "side"]


@admin.register(models.IssueEvent)
class IssueEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["issue", "action", "by", "at", "text"]
    list_filter = ["action"]


@admin.register(models.GroupingRule)
class GroupingRuleAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["words", "name", "project", "by", "at", "undone_at"]


# Dejafix stores neither, so their lists would always be empty. The attempts, which lock a name, can be deleted.
admin.site.site_header = "Dejafix administration"
admin.site.site_title = "Dejafix"
admin.site.unregister([AccessFailureLog, AccessLog])

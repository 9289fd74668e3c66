"""The admin of what is known across sessions, to be looked up: people decide on the pages, where it takes effect.

Logs can be deleted here, since what was linked and indexed of them has to go along.
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

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Not for what is left of a log that is gone: somebody dealt with its errors."""
        is_left = isinstance(obj, Log) and not obj.paths.exists()
        return not is_left and admin.ModelAdmin.has_delete_permission(self, request, obj)

    def get_deleted_objects(
        self, objs: Iterable[Log], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Names the logs alone: their records go with them."""
        logs = list(objs)
        counts = {"logs": len(logs), "sessions": SessionLog.objects.filter(log__in=logs).count()}
        return [str(log) for log in logs], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: Log) -> None:
        if told := remove_log(obj):
            messages.warning(request, told)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Log]) -> None:
        for log in queryset:
            self.delete_model(request, log)


class OccurrenceInline(ReadOnly, admin.TabularInline):
    model = models.Occurrence


class EventInline(ReadOnly, admin.TabularInline):
    model = models.IssueEvent


class SideInline(ReadOnly, admin.TabularInline):
    model = models.ErrorSide


class MentionInline(ReadOnly, admin.TabularInline):
    model = models.StepMention


class ItemEventInline(ReadOnly, admin.TabularInline):
    model = models.StepEvent


class StepSideInline(ReadOnly, admin.TabularInline):
    model = models.StepSide


@admin.register(models.TrackedStep)
class ItemAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "project", "sessions", "raised_on", "latest_on", "priority", "assignee", "done_at"]
    list_filter = ["project"]
    search_fields = ["text"]
    inlines = [MentionInline, ItemEventInline]


@admin.register(models.StepWording)
class WordingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["words", "project"]
    search_fields = ["words"]


@admin.register(models.ProposedClosure)
class ClosingAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["item", "kind", "text", "score", "accepted", "by"]
    list_filter = ["accepted", "kind"]


@admin.register(models.Issue)
class IssueAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "assignee", "resolved_at", "ignored_at"]
    search_fields = ["title", "name"]
    inlines = [OccurrenceInline, EventInline]


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


@admin.register(models.GroupingDecision)
class DecisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["kind", "by", "at", "undone_at"]
    list_filter = ["kind"]
    inlines = [SideInline, StepSideInline]


@admin.register(models.Occurrence)
class OccurrenceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["error", "issue", "signature"]


@admin.register(models.ErrorSide)
class DecisionSideAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["decision", "error", "side"]


@admin.register(models.IssueEvent)
class IssueEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["issue", "action", "by", "at", "text"]
    list_filter = ["action"]


@admin.register(models.GroupingRule)
class GroupingRuleAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["words", "name", "project", "by", "at", "undone_at"]


# Dejafix keeps neither, so their lists would always be empty; the attempts, which lock a name, can be deleted there.
admin.site.unregister([AccessFailureLog, AccessLog])

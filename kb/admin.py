"""The admin of what is known across sessions."""

from __future__ import annotations

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin

from kb import models


class OccurrenceInline(admin.TabularInline):
    model = models.Occurrence
    extra = 0
    autocomplete_fields = ["error"]
    readonly_fields = ["signature"]


class EventInline(admin.TabularInline):
    model = models.IssueEvent
    extra = 0


class SideInline(admin.TabularInline):
    model = models.DecisionSide
    extra = 0
    autocomplete_fields = ["error"]


class MentionInline(admin.TabularInline):
    model = models.Mention
    extra = 0
    raw_id_fields = ["step", "wording"]


class ItemEventInline(admin.TabularInline):
    model = models.ItemEvent
    extra = 0
    raw_id_fields = ["decision"]


class StepSideInline(admin.TabularInline):
    model = models.StepSide
    extra = 0
    raw_id_fields = ["step"]


@admin.register(models.Item)
class ItemAdmin(admin.ModelAdmin):
    list_display = ["__str__", "project", "sessions", "raised_on", "latest_on", "priority", "assignee", "done_at"]
    list_filter = ["project"]
    search_fields = ["text"]
    raw_id_fields = ["latest", "merged_into"]
    inlines = [MentionInline, ItemEventInline]


@admin.register(models.Wording)
class WordingAdmin(admin.ModelAdmin):
    list_display = ["words", "project"]
    search_fields = ["words"]


@admin.register(models.Closing)
class ClosingAdmin(admin.ModelAdmin):
    list_display = ["item", "kind", "text", "score", "accepted", "by"]
    list_filter = ["accepted", "kind"]
    raw_id_fields = ["item", "session", "event"]


@admin.register(models.Issue)
class IssueAdmin(admin.ModelAdmin):
    list_display = ["__str__", "assignee", "resolved_at", "ignored_at"]
    search_fields = ["title", "name"]
    autocomplete_fields = ["merged_into"]
    inlines = [OccurrenceInline, EventInline]


@admin.register(models.Signature)
class SignatureAdmin(admin.ModelAdmin):
    list_display = ["digest", "version", "parts"]
    list_filter = ["version"]
    search_fields = ["digest"]


@admin.register(models.SignatureKey)
class SignatureKeyAdmin(admin.ModelAdmin):
    list_display = ["key", "signature"]
    search_fields = ["key"]


@admin.register(models.SignatureLink)
class SignatureLinkAdmin(admin.ModelAdmin):
    list_display = ["one", "other", "score", "matched"]


@admin.register(models.Decision)
class DecisionAdmin(admin.ModelAdmin):
    list_display = ["kind", "by", "at", "undone_at"]
    list_filter = ["kind"]
    inlines = [SideInline, StepSideInline]


@admin.register(models.Occurrence)
class OccurrenceAdmin(admin.ModelAdmin):
    list_display = ["error", "issue", "signature"]
    autocomplete_fields = ["error", "issue"]


@admin.register(models.DecisionSide)
class DecisionSideAdmin(admin.ModelAdmin):
    list_display = ["decision", "error", "side"]
    autocomplete_fields = ["error"]


@admin.register(models.IssueEvent)
class IssueEventAdmin(admin.ModelAdmin):
    list_display = ["issue", "action", "by", "at", "text"]
    list_filter = ["action"]


@admin.register(models.GroupingRule)
class GroupingRuleAdmin(admin.ModelAdmin):
    list_display = ["words", "name", "project", "by", "at", "undone_at"]


# Dejafix keeps neither, so their lists would always be empty; the attempts, which lock a name, can be deleted there.
admin.site.unregister([AccessFailureLog, AccessLog])

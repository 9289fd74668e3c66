"""The admin of what is known across sessions."""

from __future__ import annotations

from django.contrib import admin

from kb import models


class OccurrenceInline(admin.TabularInline):
    model = models.Occurrence
    extra = 0
    autocomplete_fields = ["error"]
    readonly_fields = ["parts"]


@admin.register(models.Issue)
class IssueAdmin(admin.ModelAdmin):
    list_display = ["title", "version", "fingerprint"]
    search_fields = ["title", "fingerprint"]
    inlines = [OccurrenceInline]

"""All of this site's tags under one name, for templates that do not name the libraries yet, and tags on their way out.

`query_with` is Django's `querystring`, and `ordinal` is humanize's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import ordinal
from django.http import QueryDict

from kb.templatetags import badges, charts, days, lines

register = template.Library()
for _library in (badges, charts, days, lines):
    register.tags.update(_library.register.tags)
    register.filters.update(_library.register.filters)
register.filter("ordinal", ordinal)


@register.filter
def lookup(mapping: Mapping[object, object], key: object) -> object:
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: Any) -> str:
    query: QueryDict = context["request"].GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return "?" + query.urlencode() if query else "?"

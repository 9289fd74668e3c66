"""Values of a mapping, by a key that only the template knows."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def lookup(mapping: Mapping[object, object], key: object) -> object:
    """Returns the value of a key, or None if the mapping has no such key."""
    return mapping.get(key)

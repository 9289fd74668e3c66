"""The people that work can be assigned to."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import QuerySet


def active_people() -> QuerySet[User]:
    return User.objects.filter(is_active=True).order_by("username")

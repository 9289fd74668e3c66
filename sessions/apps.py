from django.apps import AppConfig


class SessionLogsConfig(AppConfig):
    """The label is its own, since django.contrib.sessions owns "sessions"; tables and migrations carry it."""

    name = "sessions"
    label = "session_logs"
    verbose_name = "Session logs"
    default_auto_field = "django.db.models.BigAutoField"

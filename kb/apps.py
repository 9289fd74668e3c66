from django.apps import AppConfig


class KnowledgeBaseConfig(AppConfig):
    name = "kb"
    verbose_name = "Knowledge base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A session that goes takes its words with it, whoever removes it."""
        from django.db.models.signals import pre_delete

        from kb.search.index import forget_session
        from sessions.models import SessionLog

        pre_delete.connect(forget_session, sender=SessionLog, dispatch_uid="forget_session")

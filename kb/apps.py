import sys

from django.apps import AppConfig
from django.conf import settings


class KnowledgeBaseConfig(AppConfig):
    name = "kb"
    verbose_name = "Knowledge base"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A session that goes takes its words with it, whoever removes it; and the data folder is closed."""
        from django.db.models.signals import pre_delete

        from kb.conf import checks, word_lookup  # noqa: F401
        from kb.search.index import forget_session
        from sessions.models import SessionLog

        pre_delete.connect(forget_session, sender=SessionLog, dispatch_uid="forget_session")
        word_lookup.register()
        _close_data_folder()


def _close_data_folder() -> None:
    from kb.conf.data_folder import close_to_others, database_file

    closed = close_to_others(settings.DATA_DIR, database_file(settings.DATABASES["default"]))
    if closed:
        what = "1 file or folder was" if closed == 1 else f"{closed} files and folders were"
        print(f"{settings.DATA_DIR}: {what} open to other accounts; now only yours can get in.", file=sys.stderr)

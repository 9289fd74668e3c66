"""All settings. What differs between installations comes from the environment (docs/settings.md)."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kb.conf.data_folder import make_new_files_private, secret_key
from kb.conf.database import database_from_url
from kb.conf.env import env_bool, env_int, env_list, env_text

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_text("DATA_DIR", str(BASE_DIR / "data")))

make_new_files_private()
# Before numpy is loaded: for the sizes of this product its threads only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

DEBUG = env_bool("DEBUG", False)
SECRET_KEY = env_text("SECRET_KEY", "") or secret_key(DATA_DIR)
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

# HTTPS=1 if the site is reached over TLS; ./run serves plain HTTP on the loopback address.
HTTPS = env_bool("HTTPS", False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Both affect other hosts, for a year: only whoever runs the whole domain can decide on them.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env_bool("HSTS_PRELOAD", False)
if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    raise ImproperlyConfigured("HSTS_PRELOAD=1: the preload list takes only whole domains. Set HSTS_SUBDOMAINS=1 too.")
# So the deploy check must not ask every site for them.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
BEHIND_PROXY = env_bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "axes",
    "sessions",
    "kb",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kb.conf.caching.NoStoreMiddleware",
    # Below WhiteNoise, whose files are packed already, and above everything that writes a page. BREACH guesses secrets
    # from the length of a packed page: Django masks CSRF tokens and pads the page at random, and other sites cannot
    # make a browser send its session cookie (SameSite=Lax) unless they open the page in sight of its reader.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kb.people.preferences.ZoneMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"

_LOADERS: list[Any] = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "kb.people.preferences.preferences",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

DATABASES = {"default": database_from_url(env_text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'knowledge.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# A name is locked for one address only, so that a stranger elsewhere cannot lock its owner out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = env_int("SIGN_IN_ATTEMPTS", 5, least=1)
AXES_COOLOFF_TIME = dt.timedelta(minutes=env_int("SIGN_IN_LOCKED_MINUTES", 15, least=1))
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "csrfmiddlewaretoken"]
AXES_CLIENT_IP_CALLABLE = "kb.people.sign_in_attempts.client_address"
AXES_USERNAME_CALLABLE = "kb.people.sign_in_attempts.counted_name"
AXES_LOCKOUT_CALLABLE = "kb.views.sign_in.locked_out"

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env_text("TIME_ZONE", "UTC")
USE_TZ = True

# `manage.py collectstatic` names each file by its content and packs it, so that browsers keep it for good.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Whether logs are read by meaning too. Without it, rules alone read them.
MEANING = env_bool("MEANING", True)
# A language model that is asked about doubtful statements: the address of an OpenAI-compatible interface. Empty: none.
SECOND_READER_URL = env_text("SECOND_READER_URL", "")
SECOND_READER_MODEL = env_text("SECOND_READER_MODEL", "")
SECOND_READER_KEY = env_text("SECOND_READER_KEY", "")
SECOND_READER_SECONDS = env_int("SECOND_READER_SECONDS", 30, least=1)
# The certainty in percent from which its answers are taken without asking anybody. 0: never.
SECOND_READER_TAKEN_FROM = env_int("SECOND_READER_TAKEN_FROM", 0)
if SECOND_READER_URL and not SECOND_READER_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(f"SECOND_READER_URL={SECOND_READER_URL!r}: begin it with http:// or https://.")
if SECOND_READER_TAKEN_FROM > 100:
    raise ImproperlyConfigured(f"SECOND_READER_TAKEN_FROM={SECOND_READER_TAKEN_FROM}: give a percentage, at most 100.")
# The largest log that is read (bytes). Larger ones are refused with this figure.
LOG_SIZE_LIMIT = env_int("LOG_SIZE_LIMIT", 5_000_000, least=1)
# The longest line that is read (characters).
LINE_LENGTH_LIMIT = env_int("LINE_LENGTH_LIMIT", 1_000_000, least=1000)
# Archives: size (bytes), number of files, their size unpacked (bytes), compression ratio, and depth of folders.
ARCHIVE_SIZE_LIMIT = env_int("ARCHIVE_SIZE_LIMIT", 50_000_000, least=1)
ARCHIVE_FILES_LIMIT = env_int("ARCHIVE_FILES_LIMIT", 5_000, least=1)
ARCHIVE_UNPACKED_LIMIT = env_int("ARCHIVE_UNPACKED_LIMIT", 200_000_000, least=1)
ARCHIVE_RATIO_LIMIT = env_int("ARCHIVE_RATIO_LIMIT", 100, least=2)
ARCHIVE_DEPTH_LIMIT = env_int("ARCHIVE_DEPTH_LIMIT", 20, least=1)
# How many files one upload or one folder may hold.
UPLOAD_FILES_LIMIT = env_int("UPLOAD_FILES_LIMIT", 5_000, least=1)
# How large one upload may be, all its files together (bytes): they are kept in memory until they are redacted.
UPLOAD_SIZE_LIMIT = env_int("UPLOAD_SIZE_LIMIT", 200_000_000, least=1)
# Hidden folders and folders of libraries that are read all the same, by name; "*" for all.
INCLUDE_FOLDERS = frozenset(env_list("INCLUDE_FOLDERS"))
# Folders on the server that the page offers to import, separated by colons.
IMPORT_FOLDERS = [Path(part) for part in env_text("IMPORT_FOLDERS", "").split(":") if part]
# A P0 is flagged as dropped if this many later sessions of its project, or all in this many days, do not mention it.
DROPPED_AFTER_SESSIONS = env_int("DROPPED_AFTER_SESSIONS", 3, least=1)
DROPPED_AFTER_DAYS = env_int("DROPPED_AFTER_DAYS", 14, least=1)
# How much of the search index a process keeps in memory (bytes).
SEARCH_CACHE_BYTES = env_int("SEARCH_CACHE_BYTES", 192_000_000, least=1_000_000)
# How many processes read logs for an import. 0: the one that imports them reads them itself.
IMPORT_READERS = env_int("IMPORT_READERS", len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
# How many bytes of logs an import reads ahead of the log it stores.
IMPORT_AHEAD_BYTES = env_int("IMPORT_AHEAD_BYTES", 2_000_000, least=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_FILES_LIMIT
# Uploads may hold credentials, so they stay off the disk until they are redacted.
FILE_UPLOAD_HANDLERS = ["kb.importing.sources.uploads.InMemoryHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"cut_tokens": {"()": "kb.conf.server_log.CutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["cut_tokens"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

"""The settings of the tests: those of production, but with a folder, a key and a database of their own.

They are a module, not fixtures, because pytest-django reads the settings before any conftest.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="test-data-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
# Each worker of pytest-xdist has its own folder.
os.environ["DATA_DIR"] = os.path.join(os.environ["DATA_DIR"], os.environ.get("PYTEST_XDIST_WORKER", "main"))
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only")
# Rules alone read the logs of the tests, which say what a rule makes of them; `by_meaning` is for the others.
os.environ["MEANING"] = "off"

from kb.settings import *  # noqa: F403
from kb.settings import DATA_DIR, DATABASES, STORAGES

DATA_DIR.mkdir(parents=True, exist_ok=True)
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A real file with the options of production: in memory, SQLite locks differently.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast

# Static files are served from where they are: only tests/doors/test_static_files.py needs them collected.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = DATA_DIR / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = True

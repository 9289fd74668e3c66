"""Settings as a process with another environment sees them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HSTS = """
from django.conf import settings as s
print(s.SECURE_HSTS_SECONDS > 0, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD)
"""


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    whole = {**os.environ, "DJANGO_SETTINGS_MODULE": "kb.settings", **environment}
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=whole, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "False False False"),
        ({"HTTPS": "1"}, "True False False"),
        ({"HTTPS": "1", "HSTS_SUBDOMAINS": "1"}, "True True False"),
        ({"HTTPS": "1", "HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}, "True True True"),
    ],
)
def test_other_hosts_are_bound_only_when_asked_for(environment: dict[str, str], expected: str) -> None:
    assert run(HSTS, **environment).stdout.strip() == expected


def test_preload_without_subdomains_is_refused_with_what_to_do() -> None:
    assert "Set HSTS_SUBDOMAINS=1 too." in run(HSTS, HSTS_PRELOAD="1").stderr

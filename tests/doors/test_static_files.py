"""Static files as production serves them: collected, named by their content, packed, and cached for good."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

ADDRESS = re.compile(r"/static/css/base\.[0-9a-f]{12}\.css")


@pytest.fixture
def as_in_production(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = False


@pytest.fixture
def collected(as_in_production: None) -> None:
    call_command("collectstatic", interactive=False, verbosity=0)


def test_a_page_names_files_by_their_content(collected: None, db: None) -> None:
    assert ADDRESS.search(Client().get("/sign-in/").content.decode())


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, deflate", "gzip"), ("identity", None)])
def test_they_are_packed_and_kept_for_good(collected: None, db: None, accepted: str, encoding: str | None) -> None:
    client = Client()
    address = ADDRESS.findall(client.get("/sign-in/").content.decode())[0]
    response = client.get(address, headers={"Accept-Encoding": accepted})
    assert response.status_code == 200
    assert response.get("Content-Encoding") == encoding
    assert response["Vary"] == "Accept-Encoding"
    assert "immutable" in response["Cache-Control"]


def test_the_deploy_check_misses_what_was_not_collected(as_in_production: None) -> None:
    warnings = [message for message in run_checks(include_deployment_checks=True) if message.id == "kb.W002"]
    assert len(warnings) == 1
    assert "collectstatic" in str(warnings[0].hint)


def test_the_deploy_check_is_content_once_they_are_collected(collected: None) -> None:
    assert "kb.W002" not in [message.id for message in run_checks(include_deployment_checks=True)]

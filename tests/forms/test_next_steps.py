"""What the forms of the board and of a step accept, and what they say of the rest."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict

from kb.forms.next_steps import (
    BoardFilterForm,
    DoneForm,
    SnoozeForm,
    TriageForm,
    UndoForm,
    step_action_form,
    step_forms,
)
from kb.models import TrackedStep
from kb.people import clock
from kb.queries.board import BoardFilter

pytestmark = pytest.mark.django_db


def form_of(query: str) -> TriageForm:
    form = step_action_form(QueryDict(query))
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("action=done&step=3&step=4", [3, 4]),
        ("action=done:12", [12]),
        ("action=done:12&step=3", [12]),  # the button of a row is for its row, whatever is selected
    ],
)
def test_a_button_is_for_the_selected_steps_or_for_its_own(query: str, keys: list[int]) -> None:
    form = form_of(query)
    assert isinstance(form, DoneForm)
    assert form.cleaned_data["step"] == keys


def test_the_button_of_a_proposal_names_the_proposal() -> None:
    assert form_of("action=accept:7").cleaned_data == {"closure": [7]}
    assert form_of("action=decline&step=7").problem == "Choose a proposal first."


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", "Choose what to do with the steps."),
        ("action=merged&step=1", "Choose what to do with the steps."),
        ("action=done", "Choose a step first."),
        ("action=done:x", "Choose a step first."),
        ("action=snoozed&step=1&until=tomorrow", "Write the day as 2026-02-01."),
        ("action=snoozed&step=1&until=2020-01-01", "2020-01-01 is not in the future."),
        ("action=assigned&step=1&person=lee", "There is no active user called “lee”."),
        ("action=priority&step=1&priority=P9", "“P9” is not a priority"),
        ("action=commented&step=1&comment=+", "Write something before you send a comment."),
        ("action=commented&step=1&comment=" + "x" * 10_001, "at most 10000 characters"),
    ],
)
def test_what_is_wrong_is_said(query: str, problem: str) -> None:
    assert problem in form_of(query).problem


@pytest.mark.parametrize("field", ["until=yesterday", "person=lee", "priority=P9", "comment="])
def test_a_field_of_another_action_is_not_looked_at(field: str) -> None:
    assert form_of(f"action=done&step=1&{field}").is_valid()


def test_a_person_who_left_cannot_be_assigned() -> None:
    User.objects.create_user("eve", is_active=False)
    User.objects.create_user("lee")
    assert form_of("action=assigned&step=1&person=lee").is_valid()
    assert not form_of("action=assigned&step=1&person=eve").is_valid()
    assert form_of("action=assigned&step=1&person=").is_valid()  # to nobody


def test_snoozing_begins_tomorrow() -> None:
    tomorrow = (clock.today() + dt.timedelta(days=1)).isoformat()
    assert f'min="{tomorrow}"' in str(SnoozeForm()["until"])
    assert form_of(f"action=snoozed&step=1&until={tomorrow}").is_valid()
    assert not form_of(f"action=snoozed&step=1&until={clock.today()}").is_valid()
    assert form_of("action=snoozed&step=1&until=").is_valid()  # until it is raised again


def test_the_board_is_open_by_priority_unless_the_address_says_otherwise() -> None:
    assert BoardFilterForm(QueryDict("")).board_filter() == BoardFilter()
    assert BoardFilterForm(QueryDict("state=x&sort=x&group=x&priority=P9")).board_filter() == BoardFilter()
    narrowed = BoardFilterForm(QueryDict("state=done&sort=fair&group=age&priority=none&person=-")).board_filter()
    assert narrowed == BoardFilter(priority="none", state="done", person="-", sort="fair", group="age")


def test_there_must_be_something_to_undo() -> None:
    form = UndoForm(QueryDict("event=x"))
    assert form.problem == "There is nothing to undo."


def test_the_page_of_a_step_shows_what_it_has(django_user_model: type[User]) -> None:
    lee = django_user_model.objects.create_user("lee")
    forms = step_forms(TrackedStep(priority="P1", assignee=lee))
    assert '<option value="lee" selected>' in str(forms["assign"]["person"])
    assert '<option value="P1" selected>' in str(forms["priority"]["priority"])
    assert "<textarea" in str(forms["comment"]["comment"])
    assert 'maxlength="10000"' in str(forms["comment"]["comment"])

"""A log as it is shown: each of its lines has an id, and each id is given once."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.display.markdown import rendered

# a log, and its lines that show nothing of their own
LOGS = [
    ("- one\n- two\n  - inner\n    - innermost\n- three", ()),
    ("- one\n\n  more of one\n\n- two\n\n  - inner\n\n    more of inner", (2, 4, 6, 8)),
    ("- - - a\n    b\n- - c", ()),
    ("1. # Title in a list\n2. > quoted in a list\n   > and on\n3. - x", ()),
    ("> said\n> and on\n>\n> - listed\n>   > deeper\n>   > and on", (3,)),
    ("- | a | b |\n  |---|---|\n  | 1 | 2 |\n  | 3 | 4 |", (2,)),
    ("| a | b |\n|---|---|\n| 1 | 2 |", (2,)),
    ("- ```sh\n  make\n\n  make test\n  ```\n- then", (3, 5)),
    ("```\nleft open\nto the end", ()),
    ("    indented\n    code\n\ntext", (3,)),
    ("Title\non two lines\n====\n\ntext\\\nbroken  \nhard", (3, 4)),
    ("- ***\n- \n- ---", (2,)),
    ("* a\n\n\n* b\n***\n+ c\n\n      code in c", (2, 3, 7)),
    ("```\n```\n\n~~~\n\n~~~", (2, 3, 5, 6)),
]


def ids(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'\bid="L(\d+)"', html)]


@pytest.mark.parametrize(("log", "silent"), LOGS)
def test_each_line_has_an_id_of_its_own(log: str, silent: tuple[int, ...]) -> None:
    numbers = ids(rendered(log, (1, log.count("\n") + 1)))
    assert [number for number, times in Counter(numbers).items() if times > 1] == []
    assert set(range(1, log.count("\n") + 2)) - set(numbers) <= set(silent)


@pytest.mark.parametrize(("log", "silent"), LOGS)
def test_lines_count_in_the_file(log: str, silent: tuple[int, ...]) -> None:
    """A session may begin anywhere in its log."""
    unshifted = ids(rendered(log, (1, log.count("\n") + 1)))
    assert ids(rendered(f"# Title\n\n{log}", (3, log.count("\n") + 3))) == [number + 2 for number in unshifted]


def test_code_is_shown_as_it_is_written() -> None:
    html = rendered('```py\nif a < b:\n\n    c("&")\n```\n\n    x\n', (1, 7))
    assert re.sub(r"</?span[^>]*>", "", html).replace("\n", "|").count('if a &lt; b:||    c("&amp;")|</code>') == 1
    assert 'class="is-marked"' in rendered("```\nx\n```", (1, 3), [(2, 2)])


_LINES = st.lists(
    st.sampled_from(["- a", "  - b", "    - c", "", "> q", "> - r", "| a | b |", "|---|---|", "```", "    x", "1. n",
                     "# H", "text", "===", "---", "- > z", "- - y", "  more", "- ```"]), max_size=14
)  # fmt: skip


@settings(max_examples=200, deadline=None, derandomize=True)
@given(_LINES)
def test_no_id_is_given_twice(lines: list[str]) -> None:
    numbers = ids(rendered("\n".join(lines), (1, len(lines))))
    assert len(numbers) == len(set(numbers))

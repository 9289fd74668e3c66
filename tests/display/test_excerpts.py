"""A few lines of a log, to read on another page."""

from __future__ import annotations

import pytest

from kb.display.excerpts import excerpt, plain_excerpt

LOG = """# Day
## Errors
| Error | Fix |
|---|---|
| No total | ran the migration |
| No tax | filled the table |

- **Problem**: nights are slow
    - **Fix**: an index
    - [x] measured

```bash
make index
```
<script>alert(1)</script>
### Solution
text"""


@pytest.mark.parametrize(
    ("span", "shown", "hidden"),
    [
        pytest.param((9, 9), ["<li><strong>Fix</strong>: an index</li>"], ["<pre>"], id="an indented item is no code"),
        pytest.param((10, 10), ["☑ measured"], ["[x]"], id="a box is shown"),
        pytest.param((6, 6), ["<th>Fix</th>", "<td>filled the table</td>"], ["ran the"], id="a row has its head"),
        pytest.param((5, 5), ["<th>Fix</th>", "<td>ran the migration</td>"], ["filled"], id="the first row, too"),
        pytest.param((3, 4), ["<th>Fix</th>"], ["<td>"], id="a head is there once"),
        pytest.param((15, 15), ["&lt;script&gt;"], ["<script"], id="no log can do harm"),
        pytest.param((16, 17), ["<p><strong>Solution</strong></p>"], ["<h"], id="a heading is bold"),
    ],
)
def test_lines_are_shown_as_they_were_meant(span: tuple[int, int], shown: list[str], hidden: list[str]) -> None:
    html = "".join(excerpt(LOG, [span]).parts)
    assert [part for part in shown if part not in html] == []
    assert [part for part in hidden if part in html] == []


def test_commands_in_blocks_of_code_are_known() -> None:
    shown = excerpt(LOG, [(12, 14)])
    assert shown.has_code("make index")
    assert not shown.has_code("make tests")


@pytest.mark.parametrize("text", ["word\n" * 300, "word " * 3000], ids=["many lines", "one long line"])
def test_length_is_bounded(text: str) -> None:
    shown = excerpt(text, [(1, text.count("\n") + 1)])
    assert shown.is_cut
    assert 0 < sum(map(len, shown.parts)) < 3000


def test_room_is_shared_by_all_spans() -> None:
    shown = excerpt("word\n" * 40, [(1, 20), (21, 40)])
    assert (len(shown.parts), sum(part.count("word") for part in shown.parts), shown.is_cut) == (2, 24, True)


def test_lines_are_also_told_as_the_log_has_them() -> None:
    assert plain_excerpt(LOG, [(6, 6), (9, 10)]) == (
        "| Error | Fix |\n|---|---|\n| No tax | filled the table |\n\n- **Fix**: an index\n- [x] measured"
    )
    assert plain_excerpt("ledger\n" * 40, [(1, 40)]) == "ledger\n" * 23 + "ledger\n\n…"
    assert plain_excerpt(LOG, []) == ""

"""A pasted trace becomes a short query that says which problem it is."""

from __future__ import annotations

import datetime as dt

import pytest

from kb.search.language.pasted import error_line, is_pasted, query_from
from kb.search.language.query import parse_query

PYTHON = """Traceback (most recent call last):
  File "/srv/lib/python3.11/site-packages/orm/backends.py", line 105, in _execute
    return self.cursor.execute(sql, params)
  File "/srv/harbor/ledger/closing.py", line 313, in close_month
    rows = Ledger.rows(closed_on=None)
psycopg2.errors.UndefinedColumn: column ledger.closed_on does not exist
LINE 1: SELECT closed_on FROM ledger
"""
JAVA = """java.lang.RuntimeException: could not start
\tat com.harbor.Main.run(Main.java:42)
Caused by: java.net.BindException: Address already in use
\tat com.harbor.Server.listen(Server.java:77)
"""
LOG = """2026-01-02 10:20:11,331 INFO starting worker 5512
2026-01-02 10:20:13,001 ERROR [worker-3] request 9f8a7c66-1111-4222-8333-444455556666: ConnectionRefusedError: refused
2026-01-02 10:20:14 INFO retrying
"""
COMPILER = """src/pages/invoice.tsx:12:5 - error TS2345: Argument of type 'string' is not assignable to 'InvoiceId'.

12     load(params.id)
       ~~~~~~~~~~~~~~~
"""
RUST = """error[E0382]: borrow of moved value: `settings`
  --> src/boot.rs:14:20
   |
12 |     let settings = load();
"""


@pytest.mark.parametrize(
    ("text", "said", "words", "left_out"),
    [
        (
            PYTHON,
            "UndefinedColumn",
            {"psycopg2.errors.undefinedcolumn", "ledger.closed_on", "closing.py"},
            "backends.py",
        ),
        (JAVA, "BindException", {"java.net.bindexception", "address", "server.java"}, "runtimeexception"),
        (LOG, "ConnectionRefusedError", {"connectionrefusederror", "refused"}, "9f8a7c66"),
        (COMPILER, "TS2345", {"ts2345", "assignable", "invoiceid"}, "~"),
        (RUST, "E0382", {"e0382", "moved", "settings", "boot.rs"}, "-->"),
        ("one\ntwo", "one", {"one"}, "two"),
    ],
)
def test_a_paste_is_distilled(text: str, said: str, words: set[str], left_out: str) -> None:
    assert is_pasted(text)
    assert said in error_line(text)
    query = query_from(text).lower()
    assert words <= set(query.split())
    assert left_out not in query


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "\x00\n\x00", "-" * 5000 + "\n" + "(" * 5000, "\n" * 10_000])
def test_any_text_can_be_pasted(text: str) -> None:
    query_from(text)


@pytest.mark.parametrize(
    "line",
    [
        "ERROR type:session not found for berth",
        "KeyError: 'project:harbor'",
        "ValueError: is:held and has:fix are no cranes",
        "OSError: -after:2026-02-01 before:7d",
        "KeyError: 'Lang:Bash'",
    ],
)
def test_no_word_of_a_paste_is_a_filter(line: str) -> None:
    query = parse_query(query_from(line), dt.date(2026, 3, 1))
    assert query.words
    assert not [part.text for part in query.parts if part.is_filter]


@pytest.mark.parametrize("place", ["begin", "end"])
def test_an_error_is_found_at_either_end_of_a_long_output(place: str) -> None:
    noise = [f"tests/test_berth_{number}.py ....... ok" for number in range(3000)]
    text = "\n".join([PYTHON, *noise] if place == "begin" else [*noise, PYTHON])
    assert "UndefinedColumn" in error_line(text)
    assert "closing.py" in query_from(text)

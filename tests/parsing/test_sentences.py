"""Where a sentence ends, and what only looks like an end."""

from __future__ import annotations

import pytest

from sessions.parsing.tree.sentences import sentences

ENDS = [
    ("The crane stopped. We restarted it.", ["The crane stopped.", "We restarted it."]),
    ("Why did it stop? Nobody knew!", ["Why did it stop?", "Nobody knew!"]),
    ("It failed... Nobody knew why.", ["It failed...", "Nobody knew why."]),
    ('It said "stop here." Then it went.', ['It said "stop here."', "Then it went."]),
    ("**It stopped.** We went on.", ["**It stopped.**", "We went on."]),
    ("The queue was full; the worker had died", ["The queue was full;", "the worker had died"]),
    ("Moved src/crane.py. Next came lib/buoy.js.", ["Moved src/crane.py.", "Next came lib/buoy.js."]),
    ("Raised it to 60 s. It did not help.", ["Raised it to 60 s.", "It did not help."]),
    ("There were 4 to 16. We lowered them.", ["There were 4 to 16.", "We lowered them."]),
    ("Кран остановился. Мы его перезапустили.", ["Кран остановился.", "Мы его перезапустили."]),
    ("起重机停了。我们重启了它！然后一切正常。", ["起重机停了。我们重启了它！", "然后一切正常。"]),
    ("クレーンが止まった。再起動した。", ["クレーンが止まった。", "再起動した。"]),
    ("「また止まった。」それから再起動した。", ["「また止まった。」", "それから再起動した。"]),
]
NO_ENDS = [
    "See e.g. The manual of the crane",
    "Siehe z. B. Das Handbuch des Krans",
    "Der Kran stand am 12. März den ganzen Tag",
    "Released v1.2.3 and v2.0.1 of the gateway",
    "Waited 3.5 s for harbor.example.com to answer",
    "Copied ./a.b to ../c.d and went on",
    "Called `crane.stop(); Crane.start()` once more",
    "the worker stopped. and nobody saw it",
    "No. The ferry",  # too short to stand alone
    "Nothing ends here",
]


@pytest.mark.parametrize(("text", "expected"), ENDS)
def test_a_sentence_ends(text: str, expected: list[str]) -> None:
    assert [sentence for _at, sentence in sentences(text)] == expected


@pytest.mark.parametrize("text", NO_ENDS)
def test_what_only_looks_like_an_end_is_none(text: str) -> None:
    assert list(sentences(text)) == [(0, text)]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert list(sentences(text)) == []


@pytest.mark.parametrize("text", [text for text, _ in ENDS])
def test_a_sentence_stands_where_it_says(text: str) -> None:
    assert all(text[at:].startswith(sentence) for at, sentence in sentences(text))

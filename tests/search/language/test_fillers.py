"""Function words are told from what a query is about, in each language, and never taken for names."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.search.index.analysis import index_tokens, query_tokens
from kb.search.language.fillers import words_and_fillers
from kb.search.language.function_words import DOUBTFUL, INSIDE, LANGUAGES, WORDS
from kb.search.language.query import parse_query
from sessions.parsing.vocabulary import LANGUAGES as READ
from sessions.parsing.vocabulary import fold, is_unspaced

TODAY = dt.date(2026, 4, 1)

# what is asked, in words separated by spaces: what it is about
QUESTIONS = [
    ("How do I fix the printer driver?", "fix printer driver"),
    ("why does a worker hang when it is saving", "worker hang saving"),
    ("what's the port of the proxy", "port proxy"),
    ("comment réparer l'import d'une facture", "reparer import facture"),
    ("qu'est-ce qui bloque la file", "bloque file"),
    ("wie wird die Datei im Ordner gelöscht", "datei ordner geloscht"),
    ("cómo se borra la tabla de pedidos", "borra tabla pedidos"),
    ("a fila perde os pedidos quando a impressora para", "fila perde pedidos impressora"),
    ("como é que eu apago as faturas dele", "apago faturas"),
    ("perché l'app della cassa si blocca", "app cassa blocca"),
    ("waarom wordt het bestand op de schijf gewist", "bestand schijf gewist"),
    ("de ce este ștearsă factura din coș", "stearsa factura cos"),
    ("почему в очереди нет задач?", "очереди нет задач"),
    ("لماذا تتوقف الطابعة في المكتب", "تتوقف الطابعة المكتب"),
    ("为什么打印失败", "打印 印失 失败"),
    ("怎么删", "删"),
    ("印刷するとエラー", "印刷 エラ ラー"),
    ("왜 인쇄에서 오류", "인쇄 오류"),
]
# what is looked for as it is typed, although it looks like a function word
NAMES = [
    ("file not found", "file not found"),
    ("why can't it print", "can t print"),
    ("build timed out", "build timed out"),
    ("mail is down and off", "mail down off"),
    ("plan a fails", "plan a fails"),
    ("workers die in the queue", "workers die queue"),
    ("comment rejected", "comment rejected"),
    ("SELECT FOR UPDATE", "select for update"),
    ("the IN clause", "in clause"),
    ("`with` in the template", "with template"),
    ("'for' in the loop", "for loop"),
    ("is x.y in the set", "x.y set"),
    ("--for the .so file", "for so file"),
    ("the printer nicht", "printer nicht"),
    ("「する」のボタン", "する のボ ボタ タン"),
]


def test_there_are_words_of_every_language_that_is_read() -> None:
    assert LANGUAGES.keys() == {language.code for language in READ}
    assert all(language.words or language.inside for language in LANGUAGES.values())


@pytest.mark.parametrize(("text", "about"), QUESTIONS + NAMES)
def test_only_what_a_query_is_about_is_looked_for(text: str, about: str) -> None:
    expected = tuple(fold(word) for word in about.split())
    assert parse_query(text, TODAY).words == expected


@pytest.mark.parametrize(
    "text", [text for text, _ in QUESTIONS if text not in ("怎么删", "印刷するとエラー", "왜 인쇄에서 오류")]
)
def test_a_question_is_a_sentence(text: str) -> None:
    query = parse_query(text, TODAY)
    assert query.is_sentence
    assert query.sentence == text


@pytest.mark.parametrize(
    ("text", "words", "fillers"),
    [
        ("how", ("how",), ()),
        ("how to", ("how", "to"), ()),
        ("the -flaky", ("the",), ()),
        ("the type:error", ("the",), ()),
        ('the "failed to fetch"', (), ("the",)),
        ("the -the total", ("total",), ("the",)),
        ("total with `with`", ("total", "with"), ()),  # named once, it is looked for
        ("什么", ("什么",), ()),
        ("の", ("の",), ()),
    ],
)
def test_function_words_stay_if_nothing_else_is_looked_for(
    text: str, words: tuple[str, ...], fillers: tuple[str, ...]
) -> None:
    query = parse_query(text, TODAY)
    assert (query.words, query.fillers) == (words, fillers)


@pytest.mark.parametrize(
    ("text", "words", "typing"),
    [
        ("total wit", ("total", "wit"), "wit"),
        ("total with", ("total", "with"), "with"),
        ("total with ", ("total",), ""),
        ("how to", ("to",), "to"),
        ("how to ", ("how", "to"), ""),
        ("how to f", ("how", "to"), ""),
        ("how to fi", ("fi",), "fi"),
        ("the the", ("the",), "the"),
    ],
)
def test_a_word_is_looked_for_while_it_is_typed(text: str, words: tuple[str, ...], typing: str) -> None:
    query = parse_query(text, TODAY, typing=True)
    assert (query.words, query.typing) == (words, typing)


@pytest.mark.parametrize("word", ["no", "not", "up", "down", "out", "off", "without", "nicht", "kein", "pas", "sans"])
def test_words_that_say_what_happened_are_none(word: str) -> None:
    assert word not in WORDS
    assert word not in DOUBTFUL


@pytest.mark.parametrize(
    "word", ["sin", "non", "senza", "niet", "zonder", "nu", "не", "нет", "без", "لا", "بدون", "não"]
)
def test_so_are_those_of_other_languages(word: str) -> None:
    assert fold(word) not in WORDS | DOUBTFUL.keys()


def test_no_negation_is_a_function_word_inside_others() -> None:
    questions = {"是不是", "有没有", "能不能", "可不可以"}  # they ask whether
    assert [word for word in INSIDE - questions if set(word) & set("不没沒無无없않")] == []


TYPED = st.lists(
    st.one_of(
        st.sampled_from(sorted(WORDS | DOUBTFUL.keys())),
        st.sampled_from([*(word for text, _ in QUESTIONS + NAMES for word in text.split())]),
        st.text(max_size=8).filter(lambda text: not text.split()[1:]),
    ),
    max_size=8,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TYPED, st.booleans())
def test_words_and_function_words_are_all_that_was_typed(texts: list[str], typing: bool) -> None:
    words, fillers = words_and_fillers(texts, typing=typing)
    assert not set(words) & set(fillers)
    assert len({*words, *fillers}) == len(words) + len(fillers)
    if not any(map(is_unspaced, "".join(texts))):
        assert {*words, *fillers} == {token for text in texts for token in query_tokens(text)}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TYPED)
def test_every_word_is_one_that_the_text_itself_is_found_by(texts: list[str]) -> None:
    """Cutting a run of Chinese or Japanese at its function words yields nothing that the index does not have."""
    words, fillers = words_and_fillers(texts)
    assert {*words, *fillers} <= {token for text in texts for token in index_tokens(text)}

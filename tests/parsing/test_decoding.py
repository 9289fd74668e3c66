"""Logs come in many encodings and with any line ends."""

from __future__ import annotations

import pytest

from sessions.parsing.decoding import decode


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        ("\ufeffСтатус".encode(), "Статус"),
        ("Status: ✅".encode("utf-16"), "Status: ✅"),
        ("# Session\nStatus: done\n".encode("utf-16-le"), "# Session\nStatus: done\n"),
        ("# Session\nStatus: done\n".encode("utf-16-be"), "# Session\nStatus: done\n"),
        (b"a\x00b", "a\ufffdb"),
        (b"\x1b[1;31mERROR\x1b[0m it broke\x1b[K\n", "ERROR it broke\n"),
        (b"\x1b]0;title\x07$ ls", "$ ls"),
        ("größer als nötig, überall Müll und ähnliche Wörter für Prüfungen".encode("cp1252"), None),
        (("データベースに接続できません。設定を確認してください。" * 5).encode("shift_jis"), None),
        (("오류가 발생했습니다. 데이터베이스 연결을 확인하고 다시 시도하십시오. " * 4).encode("cp949"), None),
    ],
)
def test_text_is_read(content: bytes, text: str | None) -> None:
    decoded = decode(content)
    assert text is None or decoded.text == text
    expected = {"cp949": "데이터베이스", "cp1252": "größer", "cp932": "接続できません", "shift_jis": "接続できません"}
    assert text is not None or any(words in decoded.text for words in expected.values()), decoded

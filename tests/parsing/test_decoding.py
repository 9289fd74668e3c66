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
        (b"a\x00b", "a\ufffdb"),
        (("오류가 발생했습니다. 데이터베이스 연결을 확인하고 다시 시도하십시오. " * 4).encode("cp949"), None),
    ],
)
def test_text_is_read(content: bytes, text: str | None) -> None:
    decoded = decode(content)
    assert text is None or decoded.text == text
    assert "데이터베이스" in decoded.text or text is not None

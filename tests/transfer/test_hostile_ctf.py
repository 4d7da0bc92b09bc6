"""A Common Transfer File from somebody who means harm, or a broken machine: refused whole, at little cost."""

import gc
import io
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.transfer.test_ctf import AISHA, SCHOOL, ZOE, read, sample
from throughline.transfer import ctf as ctf_module
from throughline.transfer.ctf_error import CtfError
from throughline.transfer.ctf_sample import write_ctf

MB = 1_000_000


def refusal(data: bytes, **options: Any) -> CtfError:
    with pytest.raises(CtfError) as refused:
        read(data, **options)
    assert not any(secret in refused.value.message for secret in ("Zoë", "Khan", "B8012", "passwd"))
    return refused.value


def with_doctype(declaration: bytes, surname: bytes) -> bytes:
    data = sample(ZOE).replace(b"O'Brien-Smith", surname)
    return data.replace(b"<CTfile>", b"<!DOCTYPE CTfile " + declaration + b"><CTfile>")


LAUGHS = b'[<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))


@pytest.mark.parametrize(
    ("declaration", "surname"),
    [
        (LAUGHS + b"]", b"&j;"),
        (b'[<!ENTITY x SYSTEM "file:///etc/passwd">]', b"&x;"),
        (b'[<!ENTITY % x SYSTEM "http://localhost:1/x.dtd"> %x;]', b"Khan"),
        (b'SYSTEM "http://localhost:1/x.dtd"', b"Khan"),
        (b"", b"Khan"),
    ],
    ids=["billion laughs", "local file", "parameter entity", "external subset", "bare"],
)
def test_a_document_type_is_refused_before_any_pupil(declaration: bytes, surname: bytes) -> None:
    assert refusal(with_doctype(declaration, surname)).code == "CTF_DOCTYPE"


def test_the_document_type_is_refused_before_what_follows_it_is_even_read() -> None:
    class Watched(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.reads += 1
            return super().read(size)

    stream = Watched(with_doctype(b"", b"Khan") + b" " * 5 * MB)
    with pytest.raises(CtfError, match="document type"):
        ctf_module.read_ctf(stream, max_bytes=30 * MB, max_pupils=10)
    assert stream.reads == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "CTF_EMPTY"),
        (b"  \n ", "CTF_MALFORMED"),
        (b"hello", "CTF_MALFORMED"),
        (b"PK\x03\x04" + b"\0" * 100, "CTF_MALFORMED"),
        (b"<html></html>", "CTF_NOT_A_CTF"),
        (b"<CTfile/>", "CTF_STRUCTURE"),
        (b"<CTfile><CTFpupilData><Pupil/></CTFpupilData></CTfile>", "CTF_STRUCTURE"),
        (b"<CTfile><Header/></CTfile>", "CTF_SOURCE"),
        (b"<CTfile><Header/><Header/></CTfile>", "CTF_STRUCTURE"),
        (sample(ZOE).replace(b">Common Transfer File<", b">Something Else<"), "CTF_NOT_A_CTF"),
        (sample(ZOE).replace(b"Grace", b"&grace;"), "CTF_MALFORMED"),
        (sample(ZOE).replace(b"Grace", b"Gr\0ce"), "CTF_MALFORMED"),
        (sample(ZOE).replace(b"Grace", b"&#0;"), "CTF_MALFORMED"),
        (sample(ZOE).replace(b"</Pupil>", b"</Pupi>"), "CTF_MALFORMED"),
        (sample(ZOE) + sample(AISHA), "CTF_MALFORMED"),
        (sample(ZOE, encoding="windows-1252").replace(b"windows-1252", b"UTF-8"), "CTF_ENCODING"),
        (sample(ZOE).replace(b'"UTF-8"', b'"UTF-7"'), "CTF_ENCODING"),
        (sample(ZOE).replace(b'"UTF-8"', b'"nonsense"'), "CTF_ENCODING"),
    ],
)  # fmt: skip
def test_what_is_no_whole_ctf_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@pytest.mark.parametrize("cut", [60, 200, 900, -30, -12])
def test_a_file_that_breaks_off_is_refused_as_a_whole(cut: int) -> None:
    assert refusal(sample(AISHA, ZOE)[:cut]).code == "CTF_TRUNCATED"


def test_the_sender_is_told_where_it_broke_off() -> None:
    data = sample(ZOE, AISHA, replace(AISHA, upn=None))
    assert "after 2 pupils" in refusal(data[: data.rindex(b"<Surname>")]).message


@pytest.mark.parametrize(
    "extra",
    [
        "<a>" * 200 + "</a>" * 200,
        "<a " + " ".join(f'a{n}="1"' for n in range(100)) + "/>",
        '<a b="' + "x" * 11 * MB + '"/>',
        "<" + "x" * 11 * MB + "/>",
    ],
    ids=["deep", "many attributes", "huge attribute", "huge name"],
)
def test_absurd_shapes_are_refused(extra: str) -> None:
    assert refusal(sample(replace(ZOE, extra=extra))).code == "CTF_TOO_COMPLEX"


def test_a_huge_comment_is_refused() -> None:
    assert refusal(sample(replace(ZOE, extra="<!--" + "x" * 11 * MB + "-->"))).code == "CTF_MALFORMED"


def test_a_file_above_the_limit_is_refused_by_its_size() -> None:
    assert refusal(sample(ZOE), max_bytes=1000).code == "CTF_TOO_LARGE"


def test_a_stream_that_lies_about_its_length_is_refused_while_it_streams() -> None:
    class Liar(io.BytesIO):
        def seek(self, offset: int, whence: int = 0, /) -> int:
            return 10 if whence == 2 else super().seek(offset, whence)

    endless = sample(ZOE)[:-30] + b" " * MB
    with pytest.raises(CtfError) as refused:
        ctf_module.read_ctf(Liar(endless), max_bytes=MB // 2, max_pupils=10)
    assert refused.value.code == "CTF_TOO_LARGE"


def test_more_pupils_than_the_limit_are_refused() -> None:
    head, tail = sample().split(b"</CTFpupilData>")
    data = head + b"<Pupil/>" * 100_001 + b"</CTFpupilData>" + tail
    assert refusal(data).code == "CTF_TOO_MANY_PUPILS"


def test_a_file_that_changes_between_check_and_reading_is_noticed() -> None:
    data = sample(ZOE, AISHA)
    stream = io.BytesIO(data)
    ctf = ctf_module.read_ctf(stream, max_bytes=MB, max_pupils=10, today=date(2026, 9, 3))
    stream.seek(0)
    stream.write(data.replace(b"Khan", b"Khat"))
    with pytest.raises(CtfError, match="changed"):
        list(ctf.pupils())


def peak_of(data: bytes) -> int:
    """Bytes of Python memory at the highest, while a file is checked and read."""
    stream = io.BytesIO(data)
    gc.collect()
    tracemalloc.start()
    try:
        for _ in ctf_module.read_ctf(stream, max_bytes=30 * MB, max_pupils=100_000).pupils():
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def file_of(pupils: int) -> bytes:
    people: Iterable[Any] = (replace(AISHA, upn=None, forename=f"Aisha {n}") for n in range(pupils))
    return b"".join(write_ctf(people, source=SCHOOL))


def test_memory_does_not_grow_with_the_file() -> None:
    assert peak_of(file_of(2000)) < 1.5 * peak_of(file_of(300)) < 6 * MB


def test_invented_element_names_neither_fill_memory_nor_the_report() -> None:
    ctf = read(sample(replace(ZOE, extra="".join(f"<x{n}/>" for n in range(50_000)))))
    assert len(ctf.not_understood) <= 101
    assert sum(ctf.not_understood.values()) == 50_000

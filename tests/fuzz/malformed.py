"""Hypothesis strategies for bytes that are no request, or two, or half of one, and that come slowly or break off."""

from hypothesis import strategies as st

from tests.fuzz.client import Spoken
from tests.fuzz.material import Material
from tests.fuzz.shapes import CHUNKS, FRAMINGS, HEADER_LINES, OTHER_PROTOCOLS, REQUEST_LINES

PAUSE = 0.15  # seconds between the pieces of a slow message
PIECES = 6  # of which there are so many
HEAD = 400  # bytes within which most messages break off


def conversations(material: Material) -> st.SearchStrategy[Spoken]:
    """One conversation each, on a connection of its own: whole, broken off, left, several at once, in pieces, slow."""
    message = st.one_of(*(st.sampled_from(alike) for alike in _messages(material)), st.binary(max_size=300))
    broken_off = st.tuples(message, st.integers(1, HEAD)).map(lambda both: both[0][: both[1]])
    return st.one_of(
        message.map(lambda said: Spoken((said,))),
        message.map(lambda said: Spoken((said,))),
        broken_off.map(lambda said: Spoken((said,))),
        st.builds(lambda said, ending: Spoken((said,), ending=ending), broken_off, st.sampled_from(("leave", "reset"))),
        st.lists(message, min_size=2, max_size=5).map(lambda many: Spoken((b"".join(many),))),
        st.builds(lambda said, pause: Spoken(_pieces(said), pause), message, st.sampled_from((0, 0, 0, 0, PAUSE))),
    )


def _pieces(said: bytes) -> tuple[bytes, ...]:
    size = max(1, -(-len(said) // PIECES))
    return tuple(said[start : start + size] for start in range(0, len(said), size))


def _messages(material: Material) -> list[list[bytes]]:
    """Messages, those together that are wrong in the same way."""
    slug, cookie = material.interviews[1]
    host = b"Host: 127.0.0.1:%d\r\n" % material.port
    get = f"GET /s/{slug}/ HTTP/1.1\r\n".encode() + host
    post = (
        f"POST /s/{slug}/school-type/ HTTP/1.1\r\nCookie: interview={cookie}; csrftoken={material.form[0]}\r\n".encode()
    )
    post += host + b"Content-Type: application/x-www-form-urlencoded\r\n"
    form = f"csrfmiddlewaretoken={material.form[1]}&{next(iter(material.questions))}=state".encode()
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(form), form)
    lengths = (0, 1, len(form) - 20, len(form) + 1, 2**40)
    after = b"GET /s/demo/supervisor/ HTTP/1.1\r\n" + host + b"\r\n"
    return [
        [get + b"\r\n", post + b"Content-Length: %d\r\n\r\n" % len(form) + form, (get + b"\r\n") * 20],
        [line + b"\r\n" + host + b"\r\n" for line in REQUEST_LINES],
        [get + line + b"\r\n\r\n" for line in HEADER_LINES],
        [get[: -len(host)] + b"\r\n", b"GET / HTTP/1.0\r\n\r\n", b"GET /s/demo/\r\n\r\n"],
        [get.replace(b"\r\n", b"\n") + b"\n", get.replace(b"\r\n", b"\r") + b"\r", get + b"\n\r\n"],
        [post + b"Content-Length: %d\r\n\r\n" % length + form for length in lengths],
        [post + b"Content-Length: %d\r\nContent-Length: 1\r\n\r\n" % length + form for length in lengths],
        [post + b"Transfer-Encoding: chunked\r\n\r\n" + chunks for chunks in (chunked, *CHUNKS)],
        [post + framing + b"\r\n" + chunked + after for framing in FRAMINGS],
        [*OTHER_PROTOCOLS],
    ]

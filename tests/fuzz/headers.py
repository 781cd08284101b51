"""Hypothesis strategies for request headers: wrong, doubled, huge, torn, swapped between surveys, replayed."""

from base64 import urlsafe_b64encode

from hypothesis import strategies as st

from tests.fuzz.material import Material
from tests.fuzz.values import CHARSETS, CONTENT_TYPES, COOKIES, HEADERS, HOSTS

FORM = CONTENT_TYPES[0]
BOUNDARY = b"multipart/form-data; boundary=b"
CONTROLS = bytes(byte for byte in range(32) if byte != 9) + b"\x7f"  # the web server itself refuses these
_NOISE = st.binary(min_size=1, max_size=60).map(lambda noise: noise.translate(None, CONTROLS))


def hosts(port: int) -> st.SearchStrategy[bytes]:
    """The value of Host, mostly the right one."""
    return st.sampled_from((b"127.0.0.1:%d" % port,) * 40 + HOSTS)


@st.composite
def cookies(draw: st.DrawFn, material: Material, *, form: bool) -> bytes:
    """The value of Cookie: an interview, intact or not, amid junk; with `form` also the form's own cookie, intact."""
    parts = [b"csrftoken=" + material.form[0].encode()] if form else []
    if draw(st.integers(0, 3)):
        parts.append(b"interview=" + draw(_interviews(material)))
    parts += draw(st.lists(st.one_of(st.sampled_from(COOKIES), _NOISE), max_size=2))
    return b"; ".join(parts)


@st.composite
def _interviews(draw: st.DrawFn, material: Material) -> bytes:
    """The value of an interview's cookie: real, any survey's, or spoilt in one way."""
    value = draw(st.sampled_from(material.interviews))[1].encode()
    place = draw(st.integers(0, len(value) - 1))
    spoilt = (
        value[:place], value[place:], value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :], value + value,
        b'"' + value + b'"', value + b"=" * (place % 9), b"%00" + value, b'"\\000' + value[:place] + b'\\377"',
        urlsafe_b64encode(bytes(place)), b"\xff" * (place + 1), b"A" * 6000, "\N{SNOWMAN}".encode(), b"",
    )  # fmt: skip
    return draw(st.sampled_from((value,) * 6 + spoilt))


def others() -> st.SearchStrategy[list[tuple[bytes, bytes]]]:
    """Up to three further headers, each a name and a value."""
    listed = st.sampled_from(HEADERS)
    noisy = st.tuples(st.sampled_from((b"X-Noise", b"Accept", b"Range", b"Origin", b"Referer")), _NOISE)
    return st.lists(st.one_of(listed, listed, noisy), max_size=3)


def content_types() -> st.SearchStrategy[bytes]:
    """A Content-Type that fits nothing, or one with a character set that no form has."""
    kinds, charsets = st.sampled_from((b"text/html", FORM, BOUNDARY)), st.sampled_from(CHARSETS)
    charset = st.builds(lambda kind, charset: kind + b"; charset=" + charset, kinds, charsets)
    return st.one_of(st.sampled_from(CONTENT_TYPES), charset)

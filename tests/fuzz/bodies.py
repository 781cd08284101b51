"""Hypothesis strategies for what a request carries: forms with wrong answers, junk, and far too much."""

from urllib.parse import urlencode

from hypothesis import strategies as st

from tests.fuzz.headers import BOUNDARY, FORM, content_types
from tests.fuzz.material import Material

Body = tuple[bytes, bytes]  # what the header says that it is, and what it is
MEGABYTE = 2**20


def bodies(material: Material, token: str) -> st.SearchStrategy[Body]:
    """The body of one request; `token` (blank for none) is the form's, where it is a form."""
    form = forms(material, token)
    return st.one_of(
        form,
        multiparts(material, token),
        st.sampled_from(_LARGE),
        st.tuples(content_types(), st.binary(max_size=200)),
        st.tuples(content_types(), form.map(lambda body: body[1])),
    )


@st.composite
def forms(draw: st.DrawFn, material: Material, token: str) -> Body:
    """A form with the fields of one question, answered as no browser would, in part with other questions' codes."""
    fields = draw(st.lists(_fields(material), max_size=3))
    sent = urlencode([("csrfmiddlewaretoken", token), *fields] if token else fields).encode()
    return FORM, sent + draw(st.sampled_from((b"", b"", b"", b"&", b"&%", b"&=%ff&\x00=\xff", b"&a[]=1", b"&" * 150)))


def _fields(material: Material) -> st.SearchStrategy[tuple[str, str]]:
    questions = sorted(material.questions)
    codes = sorted({code for offered in material.questions.values() for code in offered})
    names = st.sampled_from((*questions, *questions, "code", "wizard_goto_step", "csrfmiddlewaretoken", "username", ""))
    values = st.one_of(
        st.sampled_from(codes),
        st.sampled_from((*material.codes, "", "\0", "a" * 5000, "[]", "None", "0", "\N{SNOWMAN}", "a\nb", "' OR 1=1")),
        st.text(max_size=20).map(lambda text: text.encode(errors="replace").decode()),
    )
    return st.tuples(names, values)


@st.composite
def multiparts(draw: st.DrawFn, material: Material, token: str) -> Body:
    """A multipart form: with files, nested, with broken heads or boundaries."""
    parts = draw(st.lists(st.sampled_from(_PARTS), max_size=4))
    if token:
        parts.insert(0, b'Content-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n' + token.encode())
    between = draw(st.sampled_from((b"\r\n--b\r\n",) * 6 + (b"\n--b\n", b"\r\n--c\r\n", b"--b", b"\r\n--b--\r\n")))
    end = draw(st.sampled_from((b"\r\n--b--\r\n",) * 3 + (b"", b"\r\n--b", b"\r\n--b--" * 50)))
    return draw(st.sampled_from((BOUNDARY,) * 8 + (BOUNDARY + b'"', BOUNDARY + b"; charset=hex"))), b"".join(
        [between, between.join(parts), end]
    )


_FIELD = b"Content-Disposition: form-data; name="
_PARTS = (
    _FIELD + b'"school_type"\r\n\r\nstate',
    _FIELD + b'"school_type"; filename="a.txt"\r\nContent-Type: text/plain; charset=hex\r\n\r\nstate',
    _FIELD + b'"a"; filename="../../../etc/passwd"\r\n\r\n' + b"f" * 5000,
    _FIELD + b"\"a\"; filename*=idna''%ff%00\r\n\r\nx",
    _FIELD + b"\"a\"; filename*=nowhere'x'%zz\r\n\r\nx",
    _FIELD + b'"a"; filename=""\r\n\r\n',
    _FIELD + b'"a"\r\nContent-Transfer-Encoding: base64\r\n\r\n=A=B=C',
    _FIELD + b'"a"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + b"QUJD" * 3000,
    _FIELD + b'"\xff\x00"\r\nContent-Length: -5\r\n\r\n\x00',
    _FIELD + b'"a' * 300 + b"\r\n\r\nx",
    b"X: y\r\n" * 400 + b"\r\nx",
    b"\r\n\r\n",
    b"no head at all",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 100,
    b"Content-Disposition: attachment; name=a; filename=b\r\nContent-Type: x" + b";a=b" * 500 + b"\r\n\r\nx",
)

HEAVIEST: Body = (FORM, b"%" * 60_000)  # decoding it takes most memory for its length
_LARGE: tuple[Body, ...] = (
    HEAVIEST,
    (FORM, b"%" * 16_384),
    (FORM, b"a=1&" * 201),
    (FORM, b"&".join(b"f%d=%d" % (number, number) for number in range(4000))),
    (FORM, b"school_type=" + b"s" * 65_000),
    (FORM, b"a" * MEGABYTE),
    (b"application/json", b"[" * MEGABYTE),
    (BOUNDARY, b"--b\r\n" + _FIELD + b'"a"; filename="a"\r\n\r\n' + b"f" * MEGABYTE + b"\r\n--b--\r\n"),
    (BOUNDARY, b"--b\r\n" + _FIELD + b'"a"\r\n\r\n' + b"f" * MEGABYTE + b"\r\n--b--\r\n"),
    (BOUNDARY, (b"--b\r\n" + _FIELD + b'"a"; filename="a"\r\n\r\nx\r\n') * 150 + b"--b--\r\n"),
    (BOUNDARY, (b"--b\r\n" + _FIELD + b'"a"\r\n\r\nx\r\n') * 300 + b"--b--\r\n"),
    (BOUNDARY, b"--b\r\n" * 20_000),
)

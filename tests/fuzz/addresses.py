"""Hypothesis strategies for request targets: addresses that exist, bent ones, and nonsense."""

from urllib.parse import quote

from hypothesis import strategies as st

from tests.fuzz.values import JUNK, QUERIES


@st.composite
def addresses(draw: st.DrawFn, known: tuple[str, ...]) -> bytes:
    """A request target: one in three exists as it stands, one in two is bent, the others are nonsense."""
    known_path = draw(st.sampled_from(known)).encode()
    how = draw(st.sampled_from(("as it is", "as it is", "bent", "bent", "bent", "nonsense")))
    if how == "as it is":
        path = known_path
    elif how == "bent":
        path = draw(st.sampled_from(_BENDINGS))(draw, known_path)
    else:
        path = b"/" + b"/".join(draw(st.lists(_SEGMENTS, max_size=4)))
    return path + draw(st.sampled_from(QUERIES))


_SEGMENTS = st.one_of(
    st.sampled_from(JUNK),
    st.binary(max_size=12).map(lambda noise: b"".join(b"%%%02x" % byte for byte in noise)),
    st.text(max_size=8).map(lambda text: quote(text, errors="replace").encode()),
    st.sampled_from((b"s", b"i", b"demo", b"admin", b"outputs", b"static", b"errors", b"check-answers", b"")),
)


def _junk_inside(draw: st.DrawFn, path: bytes) -> bytes:
    place = draw(st.integers(0, len(path)))
    return path[:place] + draw(st.sampled_from(JUNK)) + path[place:]


def _junk_for_a_segment(draw: st.DrawFn, path: bytes) -> bytes:
    segments = path.split(b"/")
    segments[draw(st.integers(0, len(segments) - 1))] = draw(_SEGMENTS)
    return b"/".join(segments)


def _percent_encoded(draw: st.DrawFn, path: bytes) -> bytes:
    place = draw(st.integers(1, max(1, len(path) - 1)))
    return path[:place] + b"".join(b"%%%02x" % byte for byte in path[place : place + 3]) + path[place + 3 :]


def _doubled_slash(draw: st.DrawFn, path: bytes) -> bytes:
    return draw(st.sampled_from((b"/" + path, path + b"/", path.replace(b"/", b"//"), path.replace(b"/", b"/./"))))


def _traversal(draw: st.DrawFn, path: bytes) -> bytes:
    return path + draw(st.sampled_from((b"../", b"%2e%2e/", b"..%5c", b"....//"))) * draw(st.integers(1, 40)) + b"etc/x"


def _other_case(draw: st.DrawFn, path: bytes) -> bytes:
    return draw(st.sampled_from((path.upper(), path.title(), path.rstrip(b"/"), path + b"x.php", path + b";v=1")))


def _absolute(draw: st.DrawFn, path: bytes) -> bytes:
    return draw(st.sampled_from((b"http://127.0.0.1", b"http://example.org", b"https://[::1", b"file://", b"*"))) + path


_BENDINGS = (_junk_inside, _junk_for_a_segment, _percent_encoded, _doubled_slash, _traversal, _other_case, _absolute)

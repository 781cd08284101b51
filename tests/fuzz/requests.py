"""Hypothesis strategies for whole requests, each with one answer due: method, address, headers and body."""

from hypothesis import strategies as st

from tests.fuzz.addresses import addresses
from tests.fuzz.bodies import HEAVIEST, bodies
from tests.fuzz.client import Request
from tests.fuzz.headers import content_types, cookies, hosts, others
from tests.fuzz.material import Material

SENDING = ("POST",) * 10 + ("PUT", "PATCH", "DELETE", "GET", "post")
READING = ("GET",) * 8 + ("HEAD", "HEAD", "OPTIONS", "TRACE", "DELETE", "PROPFIND", "M-SEARCH", "get")
NONSENSE = ("G\x00T", "A" * 300, "", "GET GET", "P\xd6ST")
NOT_CHANGING = ("GET", "GET", "GET", "HEAD", "OPTIONS")


def forms(material: Material) -> st.SearchStrategy[Request]:
    """Requests with a body; half of the forms carry the token that belongs to their cookie."""
    takes_forms = [page.encode() for page in material.pages if page.startswith(("/s/", "/i/"))]
    targets = st.one_of(st.sampled_from(takes_forms), addresses(material.pages))
    carried = [bodies(material, token) for token in ("", material.form[1])]
    cookie = [cookies(material, form=form) for form in (False, True)]

    @st.composite
    def one(draw: st.DrawFn) -> Request:
        form = draw(st.sampled_from((0, 1)))
        kind, body = draw(carried[form])
        about_body = [(b"Content-Type", kind), (b"Content-Length", b"%d" % len(body))]
        head = [(b"Host", draw(hosts(material.port))), (b"Cookie", draw(cookie[form])), *about_body, *draw(others())]
        return _request(draw(st.sampled_from(SENDING)), draw(targets), head, body)

    return one()


def visits(material: Material) -> st.SearchStrategy[Request]:
    """Requests without a body, by methods that exist and that do not."""
    targets, cookie = addresses(material.pages), cookies(material, form=False)

    @st.composite
    def one(draw: st.DrawFn) -> Request:
        head = [(b"Host", draw(hosts(material.port))), *draw(others())]
        if draw(st.booleans()):
            head.append((b"Cookie", draw(cookie)))
        if draw(st.sampled_from((False, False, True))):
            head.append((b"Content-Type", draw(content_types())))
        return _request(draw(st.sampled_from(READING * 4 + NONSENSE)), draw(targets), head, b"")

    return one()


def staffs(material: Material) -> st.SearchStrategy[Request]:
    """A signed-in person's requests for results, with names and numbers that do not exist; none changes anything."""
    own = [(b"Host", b"127.0.0.1:%d" % material.port), (b"Cookie", material.staff.encode())]
    methods, targets = st.sampled_from(NOT_CHANGING), addresses(material.results)
    return st.builds(lambda method, target, more: _request(method, target, own + more, b""), methods, targets, others())


def previews(material: Material) -> st.SearchStrategy[Request]:
    """A signed-in person's visits and forms in previews, with the token that fits: nothing that they submit is kept."""
    return _in_the_name_of(material, material.staff.encode(), material.previews, addresses(material.previewed))


def kept(material: Material) -> st.SearchStrategy[Request]:
    """The same of someone whose answers a linked survey keeps, on the page that shows them: it changes none of them."""
    return _in_the_name_of(material, b"a=b", (material.holder,), addresses(material.kept))


def _in_the_name_of(
    material: Material, own: bytes, interviews: tuple[str, ...], targets: st.SearchStrategy[bytes]
) -> st.SearchStrategy[Request]:
    """Requests with a cookie of one's own, one of these interviews and the form's, half of them with a form."""
    cookie = own + b"; csrftoken=" + material.form[0].encode() + b"; interview="
    carried = st.one_of(st.just((b"", b"")), bodies(material, material.form[1]))

    @st.composite
    def one(draw: st.DrawFn) -> Request:
        kind, body = draw(carried)
        interview = draw(st.sampled_from(interviews)).encode()
        head = [(b"Host", b"127.0.0.1:%d" % material.port), (b"Cookie", cookie + interview), *draw(others())]
        about_body = [(b"Content-Type", kind), (b"Content-Length", b"%d" % len(body))] if body else []
        method = draw(st.sampled_from(SENDING if body else READING))
        return _request(method, draw(targets), head + about_body, body)

    return one()


def heaviest(material: Material) -> Request:
    """What takes most of the server's memory: it shows how much of that it keeps when it has been answered."""
    kind, body = HEAVIEST
    cookie = b"csrftoken=" + material.form[0].encode()
    head = [(b"Host", b"127.0.0.1:%d" % material.port), (b"Cookie", cookie), (b"Content-Type", kind)]
    return _request("POST", b"/admin/login/", [*head, (b"Content-Length", b"%d" % len(body))], body)


def _request(method: str, target: bytes, head: list[tuple[bytes, bytes]], body: bytes) -> Request:
    lines = [method.encode("latin-1") + b" " + target + b" HTTP/1.1", *(b": ".join(header) for header in head)]
    return Request(method, b"\r\n".join([*lines, b"", body]))

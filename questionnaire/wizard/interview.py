"""One interview in progress, and the encrypted cookie that is the only place where it lives.

The server stores nothing unfinished: any worker on any host can serve the next page, without a database query.
"""

import hashlib
import json
import time
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, reverse
from nacl.encoding import URLSafeBase64Encoder
from nacl.exceptions import CryptoError
from nacl.secret import Aead

from questionnaire import codes, registry
from questionnaire.engine.route import Route, route
from questionnaire.models import Survey

COOKIE = "interview"
LIFE = 7 * 24 * 3600  # seconds that an unfinished interview is good for
IDLE = 5 * 60  # seconds without a press after which a shared device forgets it
_VERSION = 3


@dataclass
class Interview:
    """What one respondent has answered so far, with the facts of the survey that its pages need.

    `path` is the address of its start page; the cookie is sent, and is any good, below that alone.
    `code` lets whoever knows it replace or withdraw the response until closing, and at any time in a `linked` survey;
    `returned` says that someone came with it. `seen` is when a shared device was last used. `answers` maps question ids
    to option codes. `number` is the time in microseconds at which check answers was last shown. `dropped` names the
    questions whose answers the last change removed.
    """

    slug: str
    path: str
    survey_id: int
    title: str
    standard: str
    public_key: bytes
    mode: str
    kiosk: bool = False
    linked: bool = False
    code: str = ""
    returned: bool = False
    started: int = field(default_factory=lambda: int(time.time()))
    seen: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    number: int = 0
    submitted: bool = False
    dropped: list[str] = field(default_factory=list)
    _routed: tuple[dict[str, str], Route] | None = None  # the answers for which the route was found, and the route

    @classmethod
    def start(cls, survey: Survey, mode: str, code: str = "", *, path: str = "") -> "Interview":
        """A fresh interview: under the code with which someone came, else under one of its own."""
        return cls(
            slug=survey.slug,
            path=path or survey.get_absolute_url(),
            survey_id=survey.pk,
            title=survey.title,
            standard=survey.standard,
            public_key=bytes(survey.public_key or b""),  # a draft, which is previewed only, has none
            mode=mode,
            kiosk=survey.kiosk,
            linked=survey.is_linked,
            code=code or codes.make(survey.pk),
            returned=bool(code),
        )

    @property
    def definition(self) -> registry.Standard:
        return registry.get_key(self.standard)

    @property
    def route(self) -> Route:
        """Which questions are asked, given the answers (which are replaced, never changed in place)."""
        if self._routed is None or self._routed[0] is not self.answers:
            self._routed = self.answers, route(self.definition, self.mode, self.answers)
        return self._routed[1]

    @property
    def reviewing(self) -> bool:
        """Whether check answers has been shown: from then on only what a change makes necessary is asked."""
        return self.number > 0

    @property
    def key(self) -> bytes:
        """The digest under which this interview's response is stored: 32 bytes."""
        return codes.digest(self.code)

    @property
    def shown_code(self) -> str:
        """The code as a person reads it."""
        return codes.shown(self.code)

    def answer(self, question_id: str, code: str) -> None:
        """Take an answer; once all that is asked is answered, drop what is asked no longer.

        Until then answers off the route are kept aside, where they count for nothing: a change may bring them back.
        """
        self.answers = {**self.answers, question_id: code}
        route = self.route
        self.dropped = (
            [question for question in self.answers if question not in route.answers] if route.complete else []
        )
        if route.complete:
            self.answers = route.answers

    def save(self, response: HttpResponse) -> None:
        """Put the interview into the response's cookie; on a shared device that ends with the browser."""
        now = int(time.time())
        self.seen = now if self.kiosk else 0
        response.set_cookie(
            COOKIE,
            _encrypt(self),
            max_age=None if self.kiosk else max(0, self.started + LIFE - now),
            path=self.path,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def start_path(request: HttpRequest, slug: str) -> str:
    """The address of a survey's start page; of its preview, where the request is for a preview's page."""
    return _start_path(slug, getattr(request, "current_app", None), get_script_prefix())


@lru_cache(maxsize=256)
def _start_path(slug: str, current_app: str | None, _prefix: str) -> str:
    return reverse("respondent:start", args=[slug], current_app=current_app)


def read(request: HttpRequest, slug: str) -> Interview | None:
    """The interview in the request's cookie; None without one, or where it is old, forged or of other pages.

    A preview's is none of the survey's own pages, nor the reverse.
    """
    cookie = request.COOKIES.get(COOKIE)
    return _decrypt(cookie, slug, start_path(request, slug)) if cookie else None


def forget(response: HttpResponse, path: str) -> None:
    """Take the interview of the pages below this address out of the browser."""
    response.delete_cookie(COOKIE, path=path, samesite="Lax")


def _encrypt(interview: Interview) -> str:
    questions = [question.id for question in interview.definition.questions]
    content = [
        _VERSION,
        interview.survey_id,
        interview.title,
        interview.standard,
        URLSafeBase64Encoder.encode(interview.public_key).decode(),
        interview.mode,
        int(interview.kiosk),
        int(interview.linked),
        interview.code,
        int(interview.returned),
        interview.started,
        interview.seen,
        [interview.answers.get(question) for question in questions],
        interview.number,
        int(interview.submitted),
        [questions.index(question) for question in interview.dropped],
    ]
    plain = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    box = _boxes()[0]
    return box.encrypt(plain, interview.path.encode(), encoder=URLSafeBase64Encoder).decode().rstrip("=")


def _decrypt(cookie: str, slug: str, path: str) -> Interview | None:
    try:
        sealed = URLSafeBase64Encoder.decode(cookie.encode("ascii") + b"=" * (-len(cookie) % 4))
        content = json.loads(_open(sealed, path.encode()))
        version, *facts, started, seen, chosen, number, submitted, dropped = content
        survey_id, title, standard, public_key, mode, kiosk, linked, code, returned = facts
        now = time.time()
        if version != _VERSION or started + LIFE < now or (kiosk and seen + IDLE < now):
            return None
        questions = [question.id for question in registry.get_key(standard).questions]
    except (CryptoError, ValueError, TypeError, LookupError):
        return None
    return Interview(
        slug=slug,
        path=path,
        survey_id=survey_id,
        title=title,
        standard=standard,
        public_key=URLSafeBase64Encoder.decode(public_key.encode()),
        mode=mode,
        kiosk=bool(kiosk),
        linked=bool(linked),
        code=code,
        returned=bool(returned),
        started=started,
        seen=seen,
        answers={question: code for question, code in zip(questions, chosen, strict=True) if code is not None},
        number=number,
        submitted=bool(submitted),
        dropped=[questions[index] for index in dropped],
    )


def _open(sealed: bytes, path: bytes) -> bytes:
    boxes = _boxes()
    for box in boxes[:-1]:
        try:
            return box.decrypt(sealed, path)
        except CryptoError:
            continue
    return boxes[-1].decrypt(sealed, path)


def _boxes() -> tuple[Aead, ...]:
    return _boxes_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _boxes_of(secret_keys: tuple[str, ...]) -> tuple[Aead, ...]:
    return tuple(
        Aead(hashlib.blake2b(secret.encode(), digest_size=Aead.KEY_SIZE, person=b"interview").digest())
        for secret in secret_keys
    )

"""Sends bytes that no browser sends over plain sockets, and reads whatever comes back.

A client belongs to one thread. It keeps its connection for requests that are well framed, as browsers do; everything
else gets a connection of its own.
"""

import re
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import Literal

from tests.fuzz.tally import Tally

PATIENCE = 20  # seconds that one answer may take
_STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3}) ", re.MULTILINE)
_RESET = struct.pack("ii", 1, 0)  # linger for no time: closing the socket then resets the connection


@dataclass(frozen=True)
class Request:
    """One whole request, to which one whole answer is due."""

    method: str
    content: bytes

    def run(self, client: "Client") -> None:
        client.send(self)


@dataclass(frozen=True)
class Spoken:
    """Bytes said in pieces with pauses between (seconds), and how the connection ends: by us, by a reset, or heard out.

    Any number of answers may come, none included.
    """

    pieces: tuple[bytes, ...]
    pause: float = 0
    ending: Literal["listen", "leave", "reset"] = "listen"

    def run(self, client: "Client") -> None:
        client.say(self)


@dataclass(frozen=True)
class Answer:
    """Status, headers and page."""

    status: int
    headers: HTTPMessage
    body: bytes


class Client:
    """Sends to one server and tells the tally what came back."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.port = port
        self.tally = tally
        self._kept: socket.socket | None = None

    def send(self, request: Request) -> Answer | None:
        """The answer to a request; None, and a finding, where none comes."""
        kept = self._kept is not None
        try:
            try:
                answer = self._exchange(request)
            except (ConnectionError, HTTPException):
                self.close()
                if not kept:  # one that was kept the server may have closed in the meantime, as it may at any time
                    raise
                answer = self._exchange(request)
        except (OSError, HTTPException) as error:
            self.close()
            self.tally.fault(f"no answer ({type(error).__name__}: {error})", request.content)
            self.tally.answer(0, request.content)
            return None
        self.tally.answer(answer.status, request.content)
        return answer

    def _exchange(self, request: Request) -> Answer:
        self._kept = self._kept or self._connected()
        with suppress(ConnectionError):  # it may answer, and close, before it has heard all
            self._kept.sendall(request.content)
        response = HTTPResponse(self._kept, method=request.method)
        with response:
            response.begin()
            answer = Answer(response.status, response.headers, response.read())
            if response.will_close:
                self.close()
        return answer

    def say(self, spoken: Spoken) -> None:
        """Say the pieces on a connection of their own. A connection that stays open without an answer is a finding."""
        said = b"".join(spoken.pieces)
        with self._connected() as connection:
            with suppress(ConnectionError):
                for piece in spoken.pieces:
                    connection.sendall(piece)
                    time.sleep(spoken.pause)
            if spoken.ending == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            heard = b""
            if spoken.ending == "listen":
                try:
                    heard = self._all(connection)
                except TimeoutError:
                    self.tally.fault("the connection hangs", said)
        for status in _STATUS.findall(heard) or [b"0"]:
            self.tally.answer(int(status), said)

    def _all(self, connection: socket.socket) -> bytes:
        """Everything until the server closes. TimeoutError where it does not."""
        heard = bytearray()
        with suppress(OSError):  # it may have closed already
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while data := connection.recv(65536):
                heard += data
        return bytes(heard)

    def _connected(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def close(self) -> None:
        if self._kept:
            self._kept.close()
        self._kept = None

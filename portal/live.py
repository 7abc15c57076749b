"""Those who wait get threads of their own, so that the server's few are there for pages.

granian gives each request one of its threads until the answer is sent whole. More of them would make every page slower, for each
takes its turn at running Python. So an answer that takes its time is sent by a thread that is made for it and ends with it;
it sleeps nearly always. The server's thread goes on to the next request.
"""

import inspect
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import close_old_connections

from incidents.representations.api.live.answer import LiveAnswer
from incidents.representations.api.live.turns import TURNS
from incidents.representations.api.live.watch import WATCH

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class LiveServing:
    """A WSGI application in front of all others. In another server than granian it does nothing: whoever waits has one of the
    server's threads then."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        answer = self.application(environ, start_response)
        if isinstance(answer, LiveAnswer):
            send = sender_of_server()
            if send is not None:
                hand_over(answer, send)
                return []
        return answer


def sender_of_server() -> Callable[[int, list[tuple[str, str]], Any], None] | None:
    """What granian sends an answer with; None in another server.

    It calls us from `granian.wsgi._runner(proto, scope)`, and does not pass `proto` on. Whatever it sends with it afterwards
    counts for nothing, because a request is answered once.
    """
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_globals.get("__name__") == "granian.wsgi" and "proto" in frame.f_locals:
            return getattr(frame.f_locals["proto"], "response_iter", None)
        frame = frame.f_back
    return None


def hand_over(answer: LiveAnswer, send: Callable[[int, list[tuple[str, str]], Any], None]) -> None:
    """Send an answer in a thread of its own. When this returns, it has begun."""
    close_old_connections()
    body = Body(answer)

    def run() -> None:
        try:
            send(answer.status_code, list(answer.items()), body)
        finally:
            body.close()

    answer.pieces.turn = TURNS.take
    try:
        threading.Thread(target=run, name="follower", daemon=True).start()
    except RuntimeError:
        body.close()
        raise
    body.has_begun.wait()


class Body:
    """What the server sends: the pieces of an answer."""

    def __init__(self, answer: LiveAnswer) -> None:
        self.answer = answer
        self.has_begun = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.has_begun.set()
        return next(self.answer.pieces)

    def close(self) -> None:
        """The client is gone, or has it all. Doing so again does nothing."""
        self.has_begun.set()
        if not self.answer.closed:
            self.answer.close()


def listen_for_the_end() -> None:
    """Wake all who wait when the process is asked to stop, so that the server, which lets every answer finish, can end.

    The server's own answer to the signal stays: what listens is the file that Python writes the numbers of signals to.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    ear, mouth = socket.socketpair()
    mouth.setblocking(False)
    before = signal.set_wakeup_fd(mouth.fileno(), warn_on_full_buffer=False)
    if before != -1:  # somebody else listens
        signal.set_wakeup_fd(before)
        return

    def listen(ear: socket.socket, mouth: socket.socket) -> None:
        while not set(ear.recv(16)).intersection(STOP_SIGNALS):
            pass
        WATCH.end()

    threading.Thread(target=listen, args=(ear, mouth), name="ear", daemon=True).start()

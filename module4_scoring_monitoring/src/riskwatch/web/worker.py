"""gunicorn's worker with threads, for callers that are slow, silent, or speak no HTTP.

In: connections. Out: answers. A caller has so many seconds for a request, a little more for a
large one, and is then cut off; whoever speaks no HTTP gets a problem like everybody else, which
does not repeat what was said. Told to stop, it is first seen to be not ready, and ends only after
everybody who was let in has an answer.
"""

import errno
import logging
import math
import select
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.http.errors import (ExpectationFailed, LimitRequestHeaders, LimitRequestLine,
                                  ParseException)
from gunicorn.workers.gthread import TConn, ThreadWorker

from riskwatch.web.problems import Problem, problem_response

LOGGER = logging.getLogger(__name__)
#: A body must keep up this pace once its grace is over, so a slow one cannot stay for ever.
LEAST_BYTES_PER_SECOND = 65_536
_MOMENT_MILLISECONDS, _MOST_HELD = 2, 65_536
_STATUS = {LimitRequestLine: 414, LimitRequestHeaders: 431, ExpectationFailed: 417}


class PatientSocket(socket.socket):
    """A socket whose reads all end, counted from the beginning of a request.

    What is sent is held back until the other side is waited for, so that the head and the body
    of an answer go out together: each departure costs as much as a small answer.
    """

    seconds = 10.0
    _deadline = float("inf")
    _held = b""

    def begin(self) -> None:
        """Begin a request: its time starts now."""
        self._deadline = time.monotonic() + self.seconds

    def setblocking(self, flag: bool) -> None:
        """Wait with an end where gunicorn would wait without one."""
        self.settimeout(self.seconds if flag else 0)

    def has_more(self) -> bool:
        """Return whether something comes within a moment."""
        waiting = select.poll()
        waiting.register(self, select.POLLIN)
        return bool(waiting.poll(_MOMENT_MILLISECONDS))

    def recv(self, bufsize: int, flags: int = 0) -> bytes:
        """Return what has come; end the connection of a caller that is too slow."""
        self.flush()
        if time.monotonic() > self._deadline:
            raise _gone()
        try:
            content = super().recv(bufsize, flags)
        except TimeoutError:
            raise _gone() from None
        self._deadline += len(content) / LEAST_BYTES_PER_SECOND
        return content

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Take everything to be sent."""
        del flags
        self._held += data
        if len(self._held) > _MOST_HELD:
            self.flush()

    def flush(self) -> None:
        """Send what is held; end the connection of a caller that does not listen."""
        if not self._held:
            return
        content, self._held = self._held, b""
        try:
            super().sendall(content)
        except TimeoutError:
            raise _gone() from None


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A worker whose threads come back from every caller, and that is seen to stop."""

    alive: bool
    drain_seconds = 0.0
    _stop_at = math.inf

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Begin to stop: not ready from now on, and each answer ends its connection.

        A service manager tells all processes at once, and gunicorn's first one tells this one
        again: a second signal of the same kind changes nothing.
        """
        del sig, frame
        if self._stop_at < math.inf:
            return
        self._stop_at = time.monotonic() + self.drain_seconds
        service = getattr(self.wsgi, "extensions", {}).get("riskwatch")
        if service is not None:
            service.switch.is_draining = True
        self.max_keepalived = 0
        self.method_queue.defer(lambda: None)  # wakes up who waits for events

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Do what is due; when its time has come, let in who waits, and nobody after."""
        left = max(self._stop_at - time.monotonic(), 0.0)
        super().wait_for_and_dispatch_events(min(timeout, left) if self.alive else timeout)
        if self.alive and time.monotonic() >= self._stop_at:
            self.set_accept_enabled(False)
            for listener in self.sockets:
                self._let_in_all(listener)
                listener.close()  # gunicorn would only after the last answer, and reset the queue
            self.alive = False

    def _let_in_all(self, listener: Any) -> None:
        """Let in everybody who stands in the queue of a listener."""
        queue = select.poll()
        queue.register(listener, select.POLLIN)
        while queue.poll(0):
            self.accept(listener)

    def init_process(self) -> None:
        """Begin to serve, with the settings as plain attributes.

        gunicorn looks each of them up, two dozen times in every request; from here on none of
        them changes.
        """
        self.cfg.__dict__.update({
            name: setting.get() for name, setting in self.cfg.settings.items()
            if not hasattr(type(self.cfg), name)})
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """Hand a connection with something to read to a thread."""
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(fileno=conn.sock.detach())
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        """Answer requests of one connection for as long as they follow at once.

        To hand a connection back to the poller and take it up again costs as much as an answer.
        """
        while True:
            conn.sock.begin()
            is_kept = super().handle(conn)
            try:
                conn.sock.flush()
            except OSError:
                return False  # the caller went away
            if is_kept is not True or not self.alive or not conn.sock.has_more():
                return is_kept

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer what is no request of HTTP."""
        del req, addr
        if isinstance(exc, ParseException):
            problem = Problem(_STATUS.get(type(exc), 400), "This is no request of HTTP/1.1 that "
                              "this service reads.")
        else:
            LOGGER.error("answered 500", exc_info=exc)
            problem = Problem(500, "This is a fault of the service; it stands in its log.")
        response = problem_response(problem)
        head = (f"HTTP/1.1 {response.status}\r\nConnection: close\r\n"
                f"Content-Type: {response.content_type}\r\n"
                f"Content-Length: {response.content_length}\r\n\r\n")
        with suppress(OSError):
            client.sendall(head.encode("ascii") + response.get_data())


def _gone() -> OSError:
    # As such gunicorn knows it, and writes no traceback.
    return ConnectionResetError(errno.ECONNRESET, "the caller is too slow")

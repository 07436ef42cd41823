"""The workers of a Dask cluster, with the interface of concurrent.futures.

Called by `executors` where a scheduler's address is given; dask is loaded here, when asked for, and
nowhere else. It knows neither jobs nor stores.

Dask itself gives the tasks of a lost worker to others, and gives up a task that has lost four.
Where the scheduler is lost, every future ends as cancelled though nobody asked for it.
"""

from __future__ import annotations

import logging
import socket
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Future
from contextlib import suppress
from threading import Thread
from typing import Any, ParamSpec, TypeVar

from pathsim.errors import InputError, Problem
from pathsim.study.keys import software

P = ParamSpec("P")
T = TypeVar("T")

ANSWERS, ARRIVES = 5.0, 60.0
"""Seconds that a scheduler has to answer, and the first worker to come."""

COUNTED = 1.0
"""Seconds after which workers are counted anew: each count is a question to the scheduler."""

SCHEMES = ("tcp", "tls")
OPTION, SCHEDULER, WORKER = "--scheduler", "dask scheduler", "dask worker {} --nthreads 1"


class Cluster:
    """The workers of the scheduler at an address: an `On`, as `executors` says.

    InputError where there is no such scheduler, no worker comes, or a worker runs another pathsim.
    `say` is told, in a sentence, that workers are being waited for.
    """

    def __init__(self, address: str, *, say: Callable[[str], None] | None = None) -> None:
        self._address, self._say = address, say or _to_stderr
        self._begin()

    def _begin(self) -> None:
        self._client = _client(self._address)
        try:
            _wait_for_one(self._client, self._address, self._say)
            _refuse_others(self._client, self._address)
        except BaseException:
            self._client.close()
            raise
        self._tasks = self._client.get_executor(pure=False)
        self._threads, self._counted = 1, -COUNTED

    @property
    def room(self) -> int:
        """A task for each thread there is now, and as many to go on with."""
        if time.monotonic() - self._counted >= COUNTED:
            with suppress(OSError, TimeoutError, CancelledError):  # a lost scheduler tells itself
                self._threads = sum(self._client.nthreads().values())
            self._counted = time.monotonic()
        return 2 * self._threads + 1

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Raises BrokenExecutor where the scheduler is lost; a future is then cancelled."""
        if self._client.status != "running":
            raise BrokenExecutor("the connection with the scheduler is lost")
        future: Future[T] = self._tasks.submit(_alike, software(), fn, args, kwargs)
        return future

    def begin_anew(self) -> None:
        """Another connection with the same scheduler; InputError where there is none."""
        self.end(at_once=True)
        self._begin()

    def stuck(self) -> bool:
        """Never: the scheduler sees to what its workers lose."""
        return False

    def end(self, *, at_once: bool = False) -> None:
        """Let go; a task under way comes to its end on its worker, and its result is dropped."""
        with suppress(OSError, TimeoutError, CancelledError):
            self._tasks.shutdown(wait=not at_once)
        self._client.close()


def _alike(expected: str, fn: Callable[..., T], args: Any, kwargs: Mapping[str, Any]) -> T:
    """What the function gives, on a worker that may have come later than the others."""
    if software() != expected:
        raise RuntimeError("this worker runs another pathsim, or on other libraries")
    return fn(*args, **kwargs)


def _client(address: str) -> Any:
    """A client of the scheduler, which is looked for first: Dask's own refusals come late."""
    try:
        from distributed import Client
    except ImportError:
        raise _refused(
            address,
            "a cluster needs Dask, which is not installed",
            "pip install 'pathsim[cluster]'",
        ) from None
    host, port = _place(address)
    try:
        socket.create_connection((host, port), timeout=ANSWERS).close()
    except OSError as error:
        why = "it does not answer" if isinstance(error, TimeoutError) else error.strerror
        raise _unreachable(address, str(why).lower()) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what fails is said by pathsim
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    connect: Callable[..., Any] = Client
    try:
        return _within(ANSWERS, lambda: connect(address, timeout=ANSWERS, set_as_default=False))
    except Exception:  # whatever the words of another program are taken for
        raise _unreachable(address, "what answers is no Dask scheduler") from None


def _within(seconds: float, ask: Callable[[], T]) -> T:
    """What it gives within so many seconds; else TimeoutError, and it is left to itself.

    A client of Dask waits for ever for a program that listens and says nothing.
    """
    answer: Future[T] = Future()

    def asking() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:
            answer.set_exception(error)

    Thread(target=asking, daemon=True).start()
    return answer.result(timeout=seconds)


def _place(address: str) -> tuple[str, int]:
    """The host and port of an address such as tcp://10.0.0.5:8786."""
    scheme, between, place = address.partition("://")
    host, _, port = place.rpartition(":")
    if scheme not in SCHEMES or not between or not host or not port.isdecimal():
        raise _refused(address, "no address of a scheduler", "write it as tcp://HOST:PORT")
    if not 0 < int(port) < 65536:
        raise _refused(address, f"there is no port {port}", "give one from 1 to 65535")
    return host.strip("[]"), int(port)


def _wait_for_one(client: Any, address: str, say: Callable[[str], None]) -> None:
    if client.nthreads():
        return
    say(f"No worker at {address} yet: waiting for the first, for up to {ARRIVES:.0f} s.")
    try:
        client.wait_for_workers(1, timeout=ARRIVES)
    except TimeoutError:
        cause = f"no worker came within {ARRIVES:.0f} s"
        raise _refused(address, cause, f"start some: {WORKER.format(address)}") from None


def _refuse_others(client: Any, address: str) -> None:
    """Results are the same, to the bit, only where the same sources run on the same libraries."""
    answers = client.run(software, on_error="return")
    others = {worker: said for worker, said in answers.items() if said != software()}
    if not others:
        return
    worker, said = min(others.items())
    what = f"cannot load pathsim ({said})" if isinstance(said, Exception) else "runs another one"
    many = f"{len(others)} of {len(answers)} workers do not run this pathsim"
    remedy = "install the same pathsim, Python and libraries there, or results would differ"
    raise _refused(address, f"{many}; {worker} {what}", remedy)


def _unreachable(address: str, why: str) -> InputError:
    remedy = f"start one ({SCHEDULER}) or mend the address"
    return _refused(address, f"no scheduler can be reached ({why})", remedy)


def _refused(address: str, cause: str, remedy: str) -> InputError:
    return InputError(Problem(OPTION, 0, address or "(nothing)", cause, remedy))


def _to_stderr(said: str) -> None:
    print(said, file=sys.stderr, flush=True)

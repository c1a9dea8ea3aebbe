"""The gateway as a caller's server uses it."""

from __future__ import annotations

import base64
import hmac
import itertools
import json
import random
import re
import threading
import time
from typing import Any, Callable, Mapping, Optional, Protocol, Sequence, TypeVar, Union
from uuid import UUID

from pydantic import ValidationError
from urllib3.exceptions import HTTPError

from .api.liveness_sessions_api import LivenessSessionsApi
from .api.webhooks_api import WebhooksApi
from .api_client import ApiClient
from .configuration import Configuration
from .exceptions import ApiException
from .models.caller_event import CallerEvent
from .models.caller_event_page import CallerEventPage
from .models.open_session_request import OpenSessionRequest
from .models.problem import Problem
from .models.session import Session
from .models.session_status import SessionStatus

T = TypeVar("T")

# In seconds.
_LONGEST_ATTEMPT = 45.0
_LONGEST_WAIT = 30
_LONGEST_READ = 60.0
_BETWEEN_READS = 0.5
_FIRST_PAUSE = 0.5
_DOUBLINGS = 4
_TOLERANCE = 300

# What docs/problems.md says to repeat with the same key.
_REPEATED = {
    "idempotency-key-in-flight",
    "rate-limited",
    "internal-error",
    "unavailable",
    "vendor-unavailable",
    "opens-paused",
    "busy",
}


class ProblemError(ApiException):
    """An error that the gateway explains. Branch on the problem's code."""

    def __init__(self, answer: ApiException, problem: Problem) -> None:
        super().__init__(answer.status, answer.reason, body=answer.body, data=problem)
        self.headers = answer.headers
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.status} {self.problem.code}: {self.problem.detail}"


class WebhookVerificationError(ValueError):
    """It was not signed with this secret, or too long ago."""


class CursorStore(Protocol):
    """The place in the feed, beyond restarts: best in your database."""

    def load(self) -> Optional[str]:
        """None at the beginning."""

    def save(self, cursor: str) -> None: ...


class LivenessGateway:
    """One object serves all threads. All times are in seconds.

    A failure is a ProblemError, or a plain ApiException when a proxy answered, or an HTTPError of urllib3 when there was no answer.
    """

    def __init__(self, url: str, tokens: Callable[[], str], **settings: Any) -> None:
        """
        :param tokens: gives an access token: asked at first, and again when the gateway no longer takes the last one
        :param settings: of the generated Configuration, such as ssl_ca_cert
        """
        #: For the other operations of the contract: ``ErasuresApi(gateway.client)``.
        self.client: ApiClient = _Client(Configuration(host=url, **{"retries": False, **settings}), tokens)
        self._sessions = LivenessSessionsApi(self.client)
        self._webhooks = WebhooksApi(self.client)

    def open_session(self, key: str, request: OpenSessionRequest, within: float) -> Session:
        """Opens a session once, however often it has to ask: after a lost answer, while an earlier request is under way, and when the
        gateway asks for patience.

        :param key: of this intended session; the same after a restart of your server
        :param within: the time after which the last failure is raised; the same key may be used again
        :return: the session, with its state of now when an earlier request opened it
        """
        return _repeat(
            time.monotonic() + within,
            lambda timeout: self._sessions.open_session(key, request, _request_timeout=timeout),
        )

    def wait_for_verdict(self, id: Union[UUID, str], within: float) -> Session:
        """Waits until there is a verdict, or none any more. At the end of the time it returns the session as it is, still pending."""
        end = time.monotonic() + within
        last = None
        while True:
            # A second is left for the answer.
            wait = min(_LONGEST_WAIT, max(0, int(end - time.monotonic()) - 1))
            try:
                last = _repeat(end, _waiting_once(self._sessions.get_session, id=id, wait_seconds=wait))
            except (ApiException, HTTPError) as e:
                if last is None or not _may_be_repeated(e):
                    raise
                return last
            is_open = last.status in (SessionStatus.PENDING, SessionStatus.OPENING)
            if not is_open or end - time.monotonic() < 1:
                return last
            time.sleep(_BETWEEN_READS)

    def read_events(self, cursors: CursorStore, handler: Callable[[CallerEvent], Any], **wanted: Any) -> None:
        """Hands on the caller's next events, for which it waits up to half a minute: the body of an endless loop, without a pause. It
        repeats what may be repeated for a minute. Each event comes at least once: after a crash of your server or a restore of the gateway
        some come again, with the same id.

        :param cursors: where it has a method ``restored``, that is called when the gateway's database was restored: events since the backup
            may be lost, so read the sessions that you wait for
        :param handler: what it raises ends the reading; the events of that part come again
        :param wanted: ``from_`` where a feed without a cursor begins, only a ``type``, another ``wait_seconds``
        """
        cursor = cursors.load()
        page = self._events_after(cursor, wanted, cursors)
        if cursor is None and not page.items:
            # Kept before the first wait: to begin anew might be later.
            cursors.save(page.next)
            page = self._events_after(page.next, wanted, cursors)
        for event in page.items:
            handler(event)
        cursors.save(page.next)

    def _events_after(self, cursor: Optional[str], wanted: Mapping[str, Any], cursors: CursorStore) -> CallerEventPage:
        try:
            return self._page(cursor, wanted)
        except ProblemError as e:
            if e.problem.next is None:
                raise
            getattr(cursors, "restored", lambda: None)()
            return self._page(e.problem.next, wanted)

    def _page(self, after: Optional[str], wanted: Mapping[str, Any]) -> CallerEventPage:
        place = {"wait_seconds": 0} if after is None else {"after": after, "from_": None}
        request = {"wait_seconds": _LONGEST_WAIT, **wanted, **place}
        return _repeat(time.monotonic() + _LONGEST_READ, _waiting_once(self._webhooks.list_events, **request))


def verify_webhook(secret: str, headers: Mapping[str, Union[str, Sequence[str]]], body: Union[bytes, str]) -> CallerEvent:
    """Reads a webhook if it was signed with the endpoint's secret in the last five minutes (Standard Webhooks), by the standard library
    alone: the package of that name is not among Debian's.

    :param headers: of the request, with names in upper or lower case
    :param body: exactly as it came
    :return: the event, as the feed has it
    """
    given = {name.lower(): value if isinstance(value, str) else " ".join(value) for name, value in headers.items()}
    id, sent, signatures = (given.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    if not key:
        raise ValueError("the secret is empty")
    if not id or not re.fullmatch("[0-9]{1,12}", sent) or abs(time.time() - int(sent)) > _TOLERANCE:
        raise WebhookVerificationError("not sent in the last five minutes")
    content = body.encode() if isinstance(body, str) else body
    signature = base64.b64encode(hmac.digest(key, f"{id}.{sent}.".encode() + content, "sha256"))
    if not any(hmac.compare_digest(b"v1," + signature, one.encode()) for one in signatures.split(" ")):
        raise WebhookVerificationError("not signed with this secret")
    return CallerEvent.from_dict(json.loads(content))


class _Client(ApiClient):
    """Sends the token, and once more another one when the gateway no longer takes it."""

    def __init__(self, configuration: Configuration, tokens: Callable[[], str]) -> None:
        super().__init__(configuration)
        self._tokens = tokens
        self._token: Optional[str] = None
        self._asking = threading.Lock()

    def call_api(self, method, url, header_params=None, body=None, post_params=None, _request_timeout=None):
        def answer(token):
            headers = {**(header_params or {}), "Authorization": f"Bearer {token}"}
            timeout = _request_timeout or _LONGEST_ATTEMPT
            try:
                response = super(_Client, self).call_api(method, url, headers, body, post_params, timeout)
            except ApiException as e:
                # A broken handshake has no answer: its cause says more than the client's exception.
                raise e.__context__ or e
            # The answer is read to its end here, so that one that is cut off fails here.
            response.read()
            return response

        used = self._unlike(None)
        response = answer(used)
        return response if response.status != 401 else answer(self._unlike(used))

    def _unlike(self, refused: Optional[str]) -> str:
        with self._asking:
            # Another thread may have asked.
            if self._token == refused:
                self._token = self._tokens().strip()
            return self._token

    def response_deserialize(self, response_data, response_types_map=None):
        try:
            return super().response_deserialize(response_data, response_types_map)
        except ApiException as e:
            raise _explained(e) from None


def _explained(e: ApiException) -> ApiException:
    if not _header(e, "Content-Type").startswith("application/problem+json"):
        return e
    try:
        problem = Problem.from_json(e.body or "")
    except (ValueError, ValidationError):
        return e
    return e if problem is None else ProblemError(e, problem)


def _header(e: ApiException, name: str) -> str:
    return (e.headers or {}).get(name, "")


def _waiting_once(read: Callable[..., T], wait_seconds: int, **request: Any) -> Callable[[float], T]:
    """What is repeated does not wait: perhaps it was refused since too many do."""
    waits = itertools.chain([wait_seconds], itertools.repeat(0))
    return lambda timeout: read(**request, wait_seconds=next(waits), _request_timeout=timeout)


def _repeat(end: float, call: Callable[[float], T]) -> T:
    failures = 0
    while True:
        try:
            return call(min(_LONGEST_ATTEMPT, max(0.001, end - time.monotonic())))
        except (ApiException, HTTPError) as e:
            pause = _pause(e, failures)
            if not _may_be_repeated(e) or time.monotonic() + pause >= end:
                raise
        time.sleep(pause)
        failures += 1


def _may_be_repeated(e: Exception) -> bool:
    if isinstance(e, ProblemError):
        return e.problem.code in _REPEATED
    # No answer, or that of a proxy: the gateway may have done what was asked.
    return not isinstance(e, ApiException) or e.status >= 500 or e.status == 429


def _pause(e: Exception, failures: int) -> float:
    """What the gateway asks for, but half a second at least; else that, doubled each time up to eight, each between half and all of it."""
    asked = _header(e, "Retry-After") if isinstance(e, ApiException) else ""
    if re.fullmatch("[0-9]{1,9}", asked):
        return max(_FIRST_PAUSE, float(asked))
    most = _FIRST_PAUSE * 2 ** min(failures, _DOUBLINGS)
    return random.uniform(most / 2, most)

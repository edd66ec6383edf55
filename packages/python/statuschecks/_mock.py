"""Starts mocks."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Mapping, Sequence, Union

from ._control import Clock, Control, Delivery
from ._program import program

Document = Union[str, "os.PathLike[str]", Mapping[str, Any]]

#: How many seconds a mock gets to end, before it is told in a harder way.
_PATIENCE = 5.0


class MockError(Exception):
    """The mock could not be started, refused what was asked, or does not answer."""


class Gitlab(Control):
    """A mock that runs, as a process of its own. It ends with this process."""

    def __init__(self, process: subprocess.Popen[bytes], ready: Mapping[str, Any]) -> None:
        self._process = process
        #: The root of the instance, which clients take as their URL.
        self.url: str = ready["url"]
        #: The root of the REST API.
        self.api: str = ready["api"]
        #: The root of the control surface.
        self.control: str = ready["control"]
        #: The release of GitLab.
        self.version: str = ready["gitlab_version"]
        #: A token of each user who has one, by username.
        self.tokens: dict[str, str] = ready["tokens"]
        #: The file with the certificate to trust, with the flag ``--tls-self-signed``.
        self.ca: str | None = ready.get("ca")
        # The mock is on this machine, whatever proxy the environment names.
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
        if self.ca:
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.ca)))
        self._opener = urllib.request.build_opener(*handlers)

    def __enter__(self) -> Gitlab:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def advance(self, by: str) -> Clock:
        """Let time pass, such as "2m1s". What becomes due on the way has happened when it returns."""
        return self.advance_clock({"by": by})

    def deliveries(self, **query: Any) -> list[Delivery]:
        """List the deliveries to external services, oldest first. It takes what list_deliveries takes."""
        return self.list_deliveries(**query)

    def stop(self) -> None:
        """Stop the mock."""
        _end(self._process)

    def request(self, method: str, path: str, query: Mapping[str, Any] | None = None, body: object = None) -> Any:
        """Send a request to the control surface."""
        url = self.control + path
        given = {name: value for name, value in (query or {}).items() if value is not None}
        if given:
            url += "?" + urllib.parse.urlencode(given)
        message = urllib.request.Request(url, method=method)
        if body is not None:
            message.add_header("Content-Type", "application/json")
            message.data = json.dumps(body).encode()
        try:
            with self._opener.open(message) as response:
                text = response.read().decode()
                if response.headers.get_content_type() == "application/json":
                    return json.loads(text)
                return text or None
        except urllib.error.HTTPError as refused:
            raise MockError(f"{method} {path} of the mock: {refused.code} {_reason(refused.read())}") from None
        except OSError as failed:
            raise MockError(f"{method} {path} of the mock: it does not answer: {failed}") from failed


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process. Its standard input may stay open, as a fork of this process has its other end as well."""
    if process.stdin and not process.stdin.closed:
        process.stdin.close()
    for harder in (process.terminate, process.kill):
        try:
            process.wait(_PATIENCE)
            break
        except subprocess.TimeoutExpired:
            harder()
    process.wait()
    if process.stdout:
        process.stdout.close()


def _environment() -> dict[str, str]:
    """Return the environment without what is for the program as others run it, such as a token or a file of data."""
    return {name: value for name, value in os.environ.items() if not name.startswith("STATUSCHECKS_")}


def _reason(body: bytes) -> str:
    try:
        refusal = json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
    return "; ".join([refusal["error"], *refusal.get("problems", [])])


def start(
    *,
    seed: Document | None = None,
    faults: Document | None = None,
    version: str | None = None,
    lag: str | None = None,
    features: Mapping[str, bool] | None = None,
    flags: Sequence[str] = (),
) -> Gitlab:
    """Start a mock on a free port of this machine, and return it when it is ready.

    seed and faults are files, or what would be in them. version is the GitLab release to behave as, such as "16.4";
    lag the delay of background jobs and deliveries, such as "300ms" or "0s-2s"; features are feature flags of the
    release; flags are further flags of ``statuschecks serve``.
    """
    _check(version=version, lag=lag, flags=flags)
    with tempfile.TemporaryDirectory(prefix="statuschecks-") as folder:
        command = [program(), "serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--until-stdin-ends"]
        for name, document in (("seed", seed), ("faults", faults)):
            if document is not None:
                command += [f"--{name}", _file(document, os.path.join(folder, f"{name}.json"))]
        for name, value in (("gitlab-version", version), ("lag", lag)):
            if value is not None:
                command += [f"--{name}", value]
        for name, on in (features or {}).items():
            command += ["--feature", f"{name}={'on' if on else 'off'}"]
        return _run([*command, *flags])


def _check(*, flags: object, **texts: object) -> None:
    """Refuse what would become something else: 18.10 as a number is 18.1, and a text is a sequence of letters."""
    for name, value in texts.items():
        if not isinstance(value, (str, type(None))):
            raise TypeError(f"{name} must be a text, in quotes")
    if isinstance(flags, str):
        raise TypeError("flags must be a list of texts")


def _run(command: Sequence[str]) -> Gitlab:
    # The system deletes the log when the mock has ended too, as both have it open.
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=_environment()
        )
        assert process.stdout
        line = process.stdout.readline()
        if line:
            return Gitlab(process, json.loads(line))
        _end(process)
        log.seek(0)
        raise MockError(f"the mock did not start:\n{log.read().decode(errors='replace')}")


def _file(document: Document, path: str) -> str:
    if not isinstance(document, Mapping):
        return os.fspath(document)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file)
    return path

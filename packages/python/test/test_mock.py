"""Uses the package as it was installed from its wheel, with python-gitlab."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading

import gitlab
import pytest

import statuschecks

CHECKS = "/projects/6/merge_requests/4/status_checks"
HEAD = "141be9714669a4c1ccaa013c6a7f3e462ff2a40f"

# Says that it is ready, and ends neither with its standard input nor when it is told to.
STUBBORN = """#!/bin/sh
trap '' TERM
echo '{"url": "'$$'", "api": "", "control": "", "gitlab_version": "", "tokens": {}}'
exec sleep 600
"""


def client(mock, user="maintainer"):
    return gitlab.Gitlab(mock.url, private_token=mock.tokens[user])


def is_ready(url):
    told = subprocess.run(["statuschecks", "ready", "--url", url], capture_output=True, check=False).returncode
    assert told in (0, 1)
    return told == 0


def test_it_is_the_installed_package():
    assert "site-packages" in statuschecks.__file__
    assert os.path.dirname(statuschecks.program()) == os.path.dirname(sys.executable)


def test_checks_are_listed_and_time_out(mock_gitlab):
    api = client(mock_gitlab)
    project = api.projects.get(6)
    assert [c.name for c in project.external_status_checks.list()] == ["Compliance Tool", "Service 1"]
    request = project.mergerequests.get(4)
    answer = api.http_post(
        "/projects/6/merge_requests/4/status_check_responses",
        post_data={"external_status_check_id": 1, "sha": HEAD, "status": "pending"},
    )
    assert answer["status_check"] if "status_check" in answer else answer["id"]
    assert [c.status for c in request.status_checks.list()] == ["pending", "passed"]
    assert mock_gitlab.advance("2m1s")["mode"] == "offset"
    assert [c.status for c in request.status_checks.list()] == ["failed", "passed"]


def test_deliveries_are_seen(mock_gitlab):
    client(mock_gitlab).projects.get(6).mergerequests.get(4, lazy=True).manager.update(4, {"title": "Another"})
    mock_gitlab.flush_deliveries({})
    assert [d["check_id"] for d in mock_gitlab.deliveries(merge_request=4)] == [1, 2]
    assert [d["check_id"] for d in mock_gitlab.deliveries(check=2)] == [2]
    mock_gitlab.reset()
    assert mock_gitlab.deliveries() == []


@pytest.mark.mock_gitlab(version="15.6", features={"only_allow_merge_if_all_status_checks_passed": True})
def test_a_marker_says_how_it_starts(mock_gitlab):
    assert mock_gitlab.version == "15.6"
    assert mock_gitlab.get_release()["version"] == "15.6"
    assert client(mock_gitlab).version()[0].startswith("15.6")
    enabled = {f["name"]: f["enabled"] for f in mock_gitlab.get_features()}
    assert enabled["only_allow_merge_if_all_status_checks_passed"]


@pytest.mark.mock_gitlab(
    seed={
        "users": [{"username": "ann", "admin": True, "tokens": [{"secret": "glpat-ann"}]}],
        "groups": [{"path": "tools"}],
        "projects": [{"path": "tools/saw"}],
    }
)
def test_a_seed_is_given_as_it_is(mock_gitlab):
    assert mock_gitlab.tokens["ann"] == "glpat-ann"
    assert client(mock_gitlab, "ann").projects.get("tools/saw").path_with_namespace == "tools/saw"
    assert "saw" in mock_gitlab.export_seed()


def test_errors_say_what_is_wrong(mock_gitlab):
    with pytest.raises(statuschecks.MockError, match=r"PUT /clock of the mock: 400 .*there is no key \"ofset\""):
        mock_gitlab.set_clock({"mode": "real", "ofset": "2m"})
    with pytest.raises(statuschecks.MockError, match=r"(?s)did not start:.*gitlab-version"):
        statuschecks.start(version="1.0")


def test_options_that_would_become_something_else_are_refused():
    for wrong in ({"version": 18.1}, {"lag": 5}, {"flags": "--no-hints"}):
        with pytest.raises(TypeError, match=f"{next(iter(wrong))} must be a "):
            statuschecks.start(**wrong)


@pytest.mark.mock_gitlab(flags=["--tls-self-signed"])
def test_a_mock_with_https_is_asked_too(mock_gitlab):
    assert mock_gitlab.url.startswith("https:")
    assert mock_gitlab.advance("1s")["mode"] == "offset"
    api = gitlab.Gitlab(mock_gitlab.url, private_token=mock_gitlab.tokens["owner"], ssl_verify=mock_gitlab.ca)
    assert api.version()[0].startswith(mock_gitlab.version)


def test_a_mock_that_is_gone_is_said_to_be():
    with statuschecks.start() as mock:
        pass
    with pytest.raises(statuschecks.MockError, match="POST /reset of the mock: it does not answer: "):
        mock.reset()


def test_the_mock_ends_with_its_process():
    script = "import statuschecks, os; m = statuschecks.start(); print(m.url, flush=True); os._exit(0)"
    url = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
    assert not is_ready(url)


def test_the_environment_of_the_tests_does_not_change_the_mock(monkeypatch, tmp_path):
    monkeypatch.setenv("STATUSCHECKS_CONTROL_TOKEN", "for-another-mock")
    monkeypatch.setenv("STATUSCHECKS_DATA", str(tmp_path / "data"))
    with statuschecks.start() as mock:
        assert mock.get_clock()["mode"] == "real"
    assert not os.listdir(tmp_path)


def test_stop_does_not_wait_for_a_fork_that_has_the_pipe(monkeypatch):
    monkeypatch.setattr("statuschecks._mock._PATIENCE", 0.2)
    mock = statuschecks.start()
    fork = multiprocessing.get_context("fork").Process(target=threading.Event().wait)
    fork.start()
    try:
        mock.stop()
    finally:
        fork.kill()
        fork.join()
    assert not is_ready(mock.url)


def test_stop_kills_what_does_not_end(monkeypatch, tmp_path):
    program = tmp_path / "program"
    program.write_text(STUBBORN)
    program.chmod(0o700)
    monkeypatch.setenv("MOCK_GITLAB_PROGRAM", str(program))
    monkeypatch.setattr("statuschecks._mock._PATIENCE", 0.2)
    mock = statuschecks.start()
    os.kill(int(mock.url), 0)
    mock.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(int(mock.url), 0)


def test_no_file_stays_behind(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with statuschecks.start(seed={"users": [{"username": "ann", "admin": True}]}):
        assert os.name != "posix" or not os.listdir(tmp_path)
    assert not os.listdir(tmp_path)
    with pytest.raises(statuschecks.MockError, match="gitlab-version"):
        statuschecks.start(version="1.0")
    assert not os.listdir(tmp_path)


def test_the_command_passes_signals_on():
    command = [sys.executable, "-m", "statuschecks", "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        url = json.loads(process.stdout.readline())["url"]
        assert is_ready(url)
        process.terminate()
        assert process.wait() == 0
    assert not is_ready(url)


def test_the_program_is_a_command():
    for command in (["statuschecks"], [sys.executable, "-m", "statuschecks"]):
        told = subprocess.run([*command, "version"], capture_output=True, text=True, check=True).stdout
        assert "0.1.0" in told

"""A client that sets the status of an external status check, tested with pytest and python-gitlab."""

import gitlab


def test_a_pending_check_fails_after_two_minutes(mock_gitlab):
    api = gitlab.Gitlab(mock_gitlab.url, private_token=mock_gitlab.tokens["developer"])
    request = api.projects.get(6).mergerequests.get(4)
    api.http_post(
        "/projects/6/merge_requests/4/status_check_responses",
        post_data={"external_status_check_id": 1, "sha": request.sha, "status": "pending"},
    )
    mock_gitlab.advance("2m1s")
    assert request.status_checks.list()[0].status == "failed"

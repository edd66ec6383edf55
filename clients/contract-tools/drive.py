"""Takes the seven endpoints with the client of openapi-python-client."""

import json
import os
import sys
from http import HTTPStatus

sys.path.insert(0, "made")

import httpx
from client import AuthenticatedClient
from client.api.external_status_checks import (
    create_external_status_check,
    delete_external_status_check,
    list_external_status_checks,
    update_external_status_check,
)
from client.api.status_checks_of_a_merge_request import (
    create_status_check_response,
    list_merge_request_status_checks,
    retry_status_check,
)
from client.models.create_external_status_check_body import CreateExternalStatusCheckBody
from client.models.create_status_check_response_body import CreateStatusCheckResponseBody
from client.models.create_status_check_response_body_status import CreateStatusCheckResponseBodyStatus
from client.models.update_external_status_check_body import UpdateExternalStatusCheckBody

HEAD = "141be9714669a4c1ccaa013c6a7f3e462ff2a40f"
mock = json.loads(os.environ["MOCK"])
token = mock["tokens"]["maintainer"]
client = AuthenticatedClient(base_url=mock["url"] + "/api/v4", token=token, prefix="", auth_header_name="PRIVATE-TOKEN")
branches = [
    httpx.post(mock["url"] + "/api/v4/projects/6/protected_branches", data={"name": name}, headers={"PRIVATE-TOKEN": token}).json()["id"]
    for name in ("main-*", "next-*")
]

body = CreateExternalStatusCheckBody(name="Python", external_url="https://checks.example/python", protected_branch_ids=branches)
created = create_external_status_check.sync_detailed("6", client=client, body=body)
assert created.status_code == HTTPStatus.CREATED, created
assert len(created.parsed.protected_branches) == 2
check = created.parsed.id

page = list_external_status_checks.sync_detailed("6", client=client, per_page=1)
assert len(page.parsed) == 1 and page.headers["X-Next-Page"] == "2", page

updated = update_external_status_check.sync_detailed(
    "6", check, client=client, body=UpdateExternalStatusCheckBody(name="Renamed", protected_branch_ids=[])
)
assert updated.parsed.name == "Renamed" and updated.parsed.protected_branches == [], updated


def respond(sha):
    answer = CreateStatusCheckResponseBody(external_status_check_id=check, sha=sha, status=CreateStatusCheckResponseBodyStatus.FAILED)
    return create_status_check_response.sync_detailed("6", 4, client=client, body=answer)


assert respond("141be97").status_code == HTTPStatus.CONFLICT
assert respond(HEAD).parsed.external_status_check.id == check
statuses = list_merge_request_status_checks.sync_detailed("6", "4", client=client)
assert statuses.parsed[-1].status == "failed", statuses
assert retry_status_check.sync_detailed("6", 4, check, client=client).status_code == HTTPStatus.ACCEPTED
assert delete_external_status_check.sync_detailed("6", check, client=client).status_code == HTTPStatus.NO_CONTENT
print("openapi-python-client: the seven endpoints answer")

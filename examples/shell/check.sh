#!/bin/sh
# A client in a few lines: it prints the external status checks of a merge request, by default of one that the mock has.
#   statuschecks exec -- ./check.sh [PROJECT MERGE_REQUEST]
set -eu
curl --silent --fail --header "PRIVATE-TOKEN: $GITLAB_TOKEN" \
  "$GITLAB_URL/api/v4/projects/${1:-6}/merge_requests/${2:-4}/status_checks"

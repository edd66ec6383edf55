# frozen_string_literal: true

# A client that sets the status of an external status check, tested with RSpec and ruby-gitlab.
require "gitlab"
require "statuschecks/rspec"

RSpec.describe "the client" do
  it "sees a pending check fail after two minutes", :mock_gitlab do
    api = Gitlab.client(endpoint: mock_gitlab.api, private_token: mock_gitlab.tokens["developer"])
    sha = api.merge_request(6, 4).sha
    api.post("/projects/6/merge_requests/4/status_check_responses",
             body: { external_status_check_id: 1, sha: sha, status: "pending" })
    mock_gitlab.advance("2m1s")
    expect(api.get("/projects/6/merge_requests/4/status_checks").first.status).to eq("failed")
  end
end

# frozen_string_literal: true

# Generated from openapi/control.yaml; do not edit.

require "erb"

module Statuschecks
  # The control surface of a mock: what a test may ask of it that GitLab itself would not do.
  module Control
    # Show all that is in the world.
    def get_state()
      request("GET", "/state")
    end

    # Export the world as a seed.
    def export_seed()
      request("GET", "/seed")
    end

    # Replace the world by what a seed says.
    def seed(body)
      request("POST", "/seed", body: body)
    end

    # Put the world back to how it began.
    def reset()
      request("POST", "/reset")
    end

    # Show the clock.
    def get_clock()
      request("GET", "/clock")
    end

    # Make the clock go in another way.
    def set_clock(body)
      request("PUT", "/clock", body: body)
    end

    # Let time pass.
    def advance_clock(body)
      request("POST", "/clock/advance", body: body)
    end

    # Show the licence.
    def get_licence()
      request("GET", "/licence")
    end

    # Give or take the licence.
    def set_licence(body)
      request("PUT", "/licence", body: body)
    end

    # Show whether merging by API needs the commit.
    def get_sha_requirement()
      request("GET", "/sha_requirement")
    end

    # Say whether merging by API needs the commit.
    def set_sha_requirement(body)
      request("PUT", "/sha_requirement", body: body)
    end

    # Show whether anything can be changed by GitLab's API.
    def get_writing()
      request("GET", "/writing")
    end

    # Put the instance under maintenance, make its database read-only, or end that.
    def set_writing(body)
      request("PUT", "/writing", body: body)
    end

    # Show the rate limits that are on, and what was counted.
    def get_rate_limits()
      request("GET", "/rate_limits")
    end

    # Switch these rate limits on, and all others off.
    def set_rate_limits(body)
      request("PUT", "/rate_limits", body: body)
    end

    # Show which release of GitLab it is, and what of GitLab's history that has.
    def get_release()
      request("GET", "/release")
    end

    # Make the world one of another release.
    def set_release(body)
      request("PUT", "/release", body: body)
    end

    # Show the feature flags.
    def get_features()
      request("GET", "/features")
    end

    # Switch a feature flag that the release has.
    def set_feature(body)
      request("PUT", "/features", body: body)
    end

    # List deliveries, oldest first.
    def list_deliveries(query = {})
      request("GET", "/deliveries", query: query)
    end

    # Wait until nothing is left to deliver.
    def flush_deliveries(body = {})
      request("POST", "/deliveries/flush", body: body)
    end

    # Show one delivery with its attempts.
    def get_delivery(delivery_id)
      request("GET", "/deliveries/#{ERB::Util.url_encode(delivery_id)}")
    end

    # Deliver again.
    def redeliver(delivery_id, body = {})
      request("POST", "/deliveries/#{ERB::Util.url_encode(delivery_id)}/redeliver", body: body)
    end

    # Let something happen to a merge request.
    def trigger_event(body)
      request("POST", "/events", body: body)
    end

    # List the jobs that wait, in the order in which they will run.
    def list_jobs(query = {})
      request("GET", "/jobs", query: query)
    end

    # Run the jobs that are due.
    def run_jobs()
      request("POST", "/jobs/run")
    end

    # List audit events, oldest first.
    def list_audit_events(query = {})
      request("GET", "/audit_events", query: query)
    end

    # List the requests that no operation stands for, oldest first.
    def list_surprises()
      request("GET", "/surprises")
    end

    # List what happened, oldest first.
    def list_journal(query = {})
      request("GET", "/journal", query: query)
    end

    # Forget what happened.
    def clear_journal()
      request("DELETE", "/journal")
    end

    # Write what happened as an HTTP Archive 1.2.
    def export_journal(query = {})
      request("GET", "/journal.har", query: query)
    end

    # List what clients are expected to do, oldest first, and whether they did.
    def list_expectations()
      request("GET", "/expectations")
    end

    # Say what clients are expected to do.
    def create_expectation(body)
      request("POST", "/expectations", body: body)
    end

    # Remove all expectations.
    def delete_expectations()
      request("DELETE", "/expectations")
    end

    # Show an expectation, and whether it is met.
    def get_expectation(expectation)
      request("GET", "/expectations/#{ERB::Util.url_encode(expectation)}")
    end

    # Remove an expectation.
    def delete_expectation(expectation)
      request("DELETE", "/expectations/#{ERB::Util.url_encode(expectation)}")
    end

    # List what clients did that GitLab takes in silence and the contract does not know.
    def list_notes(query = {})
      request("GET", "/notes", query: query)
    end

    # Forget all notes.
    def clear_notes()
      request("DELETE", "/notes")
    end

    # Show what clients exercised of the contract.
    def get_coverage(query = {})
      request("GET", "/coverage", query: query)
    end

    # Forget what clients exercised.
    def clear_coverage()
      request("DELETE", "/coverage")
    end

    # List the plans in force, oldest first, with what became of them.
    def list_fault_plans()
      request("GET", "/faults")
    end

    # Put a plan in force.
    def create_fault_plan(body)
      request("POST", "/faults", body: body)
    end

    # Take all plans out of force.
    def delete_fault_plans()
      request("DELETE", "/faults")
    end

    # Show a plan and what became of it.
    def get_fault_plan(plan)
      request("GET", "/faults/#{ERB::Util.url_encode(plan)}")
    end

    # Take a plan out of force.
    def delete_fault_plan(plan)
      request("DELETE", "/faults/#{ERB::Util.url_encode(plan)}")
    end

    # Let a plan begin anew, its counts and its chance.
    def reset_fault_plan(plan)
      request("POST", "/faults/#{ERB::Util.url_encode(plan)}/reset")
    end

    # List the worlds beside that of the root, by name.
    def list_worlds()
      request("GET", "/worlds")
    end

    # Make a world.
    def create_world(body)
      request("POST", "/worlds", body: body)
    end

    # Show a world.
    def get_world(world)
      request("GET", "/worlds/#{ERB::Util.url_encode(world)}")
    end

    # Drop a world.
    def delete_world(world)
      request("DELETE", "/worlds/#{ERB::Util.url_encode(world)}")
    end

    # Take the world over as it was saved last.
    def claim()
      request("POST", "/claim")
    end

    # List the snapshots of the world, by name.
    def list_snapshots()
      request("GET", "/snapshots")
    end

    # Keep the world as it is now.
    def take_snapshot(body)
      request("POST", "/snapshots", body: body)
    end

    # Forget a snapshot.
    def delete_snapshot(snapshot)
      request("DELETE", "/snapshots/#{ERB::Util.url_encode(snapshot)}")
    end

    # Make the world what it was when the snapshot was taken.
    def restore_snapshot(snapshot)
      request("POST", "/snapshots/#{ERB::Util.url_encode(snapshot)}/restore")
    end
  end
end

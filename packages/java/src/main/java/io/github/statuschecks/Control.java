// Generated from openapi/control.yaml; do not edit.
package io.github.statuschecks;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** The control surface of a mock: what a test may ask of it that GitLab itself would not do. */
public abstract class Control {
    /** For those who know the mock. */
    Control() {}

    /** Sends a request; body may be null. */
    protected abstract JsonNode request(String method, String path, Map<String, ?> query, Object body);

    /** Show all that is in the world. */
    public JsonNode getState() {
        return request("GET", "/state", Map.of(), null);
    }

    /** Export the world as a seed. */
    public JsonNode exportSeed() {
        return request("GET", "/seed", Map.of(), null);
    }

    /** Replace the world by what a seed says. */
    public JsonNode seed(Map<String, ?> body) {
        return request("POST", "/seed", Map.of(), body);
    }

    /** Put the world back to how it began. */
    public void reset() {
        request("POST", "/reset", Map.of(), null);
    }

    /** Show the clock. */
    public JsonNode getClock() {
        return request("GET", "/clock", Map.of(), null);
    }

    /** Make the clock go in another way. */
    public JsonNode setClock(Map<String, ?> body) {
        return request("PUT", "/clock", Map.of(), body);
    }

    /** Let time pass. */
    public JsonNode advanceClock(Map<String, ?> body) {
        return request("POST", "/clock/advance", Map.of(), body);
    }

    /** Show the licence. */
    public JsonNode getLicence() {
        return request("GET", "/licence", Map.of(), null);
    }

    /** Give or take the licence. */
    public JsonNode setLicence(Map<String, ?> body) {
        return request("PUT", "/licence", Map.of(), body);
    }

    /** Show whether merging by API needs the commit. */
    public JsonNode getSHARequirement() {
        return request("GET", "/sha_requirement", Map.of(), null);
    }

    /** Say whether merging by API needs the commit. */
    public JsonNode setSHARequirement(Map<String, ?> body) {
        return request("PUT", "/sha_requirement", Map.of(), body);
    }

    /** Show whether anything can be changed by GitLab's API. */
    public JsonNode getWriting() {
        return request("GET", "/writing", Map.of(), null);
    }

    /** Put the instance under maintenance, make its database read-only, or end that. */
    public JsonNode setWriting(Map<String, ?> body) {
        return request("PUT", "/writing", Map.of(), body);
    }

    /** Show the rate limits that are on, and what was counted. */
    public JsonNode getRateLimits() {
        return request("GET", "/rate_limits", Map.of(), null);
    }

    /** Switch these rate limits on, and all others off. */
    public JsonNode setRateLimits(Map<String, ?> body) {
        return request("PUT", "/rate_limits", Map.of(), body);
    }

    /** Show which release of GitLab it is, and what of GitLab's history that has. */
    public JsonNode getRelease() {
        return request("GET", "/release", Map.of(), null);
    }

    /** Make the world one of another release. */
    public JsonNode setRelease(Map<String, ?> body) {
        return request("PUT", "/release", Map.of(), body);
    }

    /** Show the feature flags. */
    public JsonNode getFeatures() {
        return request("GET", "/features", Map.of(), null);
    }

    /** Switch a feature flag that the release has. */
    public JsonNode setFeature(Map<String, ?> body) {
        return request("PUT", "/features", Map.of(), body);
    }

    /** List deliveries, oldest first. */
    public JsonNode listDeliveries(Map<String, ?> query) {
        return request("GET", "/deliveries", query, null);
    }

    /** Wait until nothing is left to deliver. */
    public JsonNode flushDeliveries(Map<String, ?> body) {
        return request("POST", "/deliveries/flush", Map.of(), body);
    }

    /** Show one delivery with its attempts. */
    public JsonNode getDelivery(Object deliveryId) {
        return request("GET", "/deliveries/" + MockGitLab.encoded(deliveryId), Map.of(), null);
    }

    /** Deliver again. */
    public JsonNode redeliver(Object deliveryId, Map<String, ?> body) {
        return request("POST", "/deliveries/" + MockGitLab.encoded(deliveryId) + "/redeliver", Map.of(), body);
    }

    /** Let something happen to a merge request. */
    public JsonNode triggerEvent(Map<String, ?> body) {
        return request("POST", "/events", Map.of(), body);
    }

    /** List the jobs that wait, in the order in which they will run. */
    public JsonNode listJobs(Map<String, ?> query) {
        return request("GET", "/jobs", query, null);
    }

    /** Run the jobs that are due. */
    public JsonNode runJobs() {
        return request("POST", "/jobs/run", Map.of(), null);
    }

    /** List audit events, oldest first. */
    public JsonNode listAuditEvents(Map<String, ?> query) {
        return request("GET", "/audit_events", query, null);
    }

    /** List the requests that no operation stands for, oldest first. */
    public JsonNode listSurprises() {
        return request("GET", "/surprises", Map.of(), null);
    }

    /** List what happened, oldest first. */
    public JsonNode listJournal(Map<String, ?> query) {
        return request("GET", "/journal", query, null);
    }

    /** Forget what happened. */
    public void clearJournal() {
        request("DELETE", "/journal", Map.of(), null);
    }

    /** Write what happened as an HTTP Archive 1.2. */
    public JsonNode exportJournal(Map<String, ?> query) {
        return request("GET", "/journal.har", query, null);
    }

    /** List what clients are expected to do, oldest first, and whether they did. */
    public JsonNode listExpectations() {
        return request("GET", "/expectations", Map.of(), null);
    }

    /** Say what clients are expected to do. */
    public JsonNode createExpectation(Map<String, ?> body) {
        return request("POST", "/expectations", Map.of(), body);
    }

    /** Remove all expectations. */
    public void deleteExpectations() {
        request("DELETE", "/expectations", Map.of(), null);
    }

    /** Show an expectation, and whether it is met. */
    public JsonNode getExpectation(Object expectation) {
        return request("GET", "/expectations/" + MockGitLab.encoded(expectation), Map.of(), null);
    }

    /** Remove an expectation. */
    public void deleteExpectation(Object expectation) {
        request("DELETE", "/expectations/" + MockGitLab.encoded(expectation), Map.of(), null);
    }

    /** List what clients did that GitLab takes in silence and the contract does not know. */
    public JsonNode listNotes(Map<String, ?> query) {
        return request("GET", "/notes", query, null);
    }

    /** Forget all notes. */
    public void clearNotes() {
        request("DELETE", "/notes", Map.of(), null);
    }

    /** Show what clients exercised of the contract. */
    public JsonNode getCoverage(Map<String, ?> query) {
        return request("GET", "/coverage", query, null);
    }

    /** Forget what clients exercised. */
    public void clearCoverage() {
        request("DELETE", "/coverage", Map.of(), null);
    }

    /** List the plans in force, oldest first, with what became of them. */
    public JsonNode listFaultPlans() {
        return request("GET", "/faults", Map.of(), null);
    }

    /** Put a plan in force. */
    public JsonNode createFaultPlan(Map<String, ?> body) {
        return request("POST", "/faults", Map.of(), body);
    }

    /** Take all plans out of force. */
    public void deleteFaultPlans() {
        request("DELETE", "/faults", Map.of(), null);
    }

    /** Show a plan and what became of it. */
    public JsonNode getFaultPlan(Object plan) {
        return request("GET", "/faults/" + MockGitLab.encoded(plan), Map.of(), null);
    }

    /** Take a plan out of force. */
    public void deleteFaultPlan(Object plan) {
        request("DELETE", "/faults/" + MockGitLab.encoded(plan), Map.of(), null);
    }

    /** Let a plan begin anew, its counts and its chance. */
    public JsonNode resetFaultPlan(Object plan) {
        return request("POST", "/faults/" + MockGitLab.encoded(plan) + "/reset", Map.of(), null);
    }

    /** List the worlds beside that of the root, by name. */
    public JsonNode listWorlds() {
        return request("GET", "/worlds", Map.of(), null);
    }

    /** Make a world. */
    public JsonNode createWorld(Map<String, ?> body) {
        return request("POST", "/worlds", Map.of(), body);
    }

    /** Show a world. */
    public JsonNode getWorld(Object world) {
        return request("GET", "/worlds/" + MockGitLab.encoded(world), Map.of(), null);
    }

    /** Drop a world. */
    public void deleteWorld(Object world) {
        request("DELETE", "/worlds/" + MockGitLab.encoded(world), Map.of(), null);
    }

    /** Take the world over as it was saved last. */
    public void claim() {
        request("POST", "/claim", Map.of(), null);
    }

    /** List the snapshots of the world, by name. */
    public JsonNode listSnapshots() {
        return request("GET", "/snapshots", Map.of(), null);
    }

    /** Keep the world as it is now. */
    public JsonNode takeSnapshot(Map<String, ?> body) {
        return request("POST", "/snapshots", Map.of(), body);
    }

    /** Forget a snapshot. */
    public void deleteSnapshot(Object snapshot) {
        request("DELETE", "/snapshots/" + MockGitLab.encoded(snapshot), Map.of(), null);
    }

    /** Make the world what it was when the snapshot was taken. */
    public void restoreSnapshot(Object snapshot) {
        request("POST", "/snapshots/" + MockGitLab.encoded(snapshot) + "/restore", Map.of(), null);
    }
}

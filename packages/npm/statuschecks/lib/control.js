// Generated from openapi/control.yaml; do not edit.
'use strict';

// Control is the control surface. A subclass has request(method, path, { query, body }).
class Control {
  getState() {
    return this.request('GET', `/state`);
  }

  exportSeed() {
    return this.request('GET', `/seed`);
  }

  seed(body) {
    return this.request('POST', `/seed`, { body });
  }

  reset() {
    return this.request('POST', `/reset`);
  }

  getClock() {
    return this.request('GET', `/clock`);
  }

  setClock(body) {
    return this.request('PUT', `/clock`, { body });
  }

  advanceClock(body) {
    return this.request('POST', `/clock/advance`, { body });
  }

  getLicence() {
    return this.request('GET', `/licence`);
  }

  setLicence(body) {
    return this.request('PUT', `/licence`, { body });
  }

  getSHARequirement() {
    return this.request('GET', `/sha_requirement`);
  }

  setSHARequirement(body) {
    return this.request('PUT', `/sha_requirement`, { body });
  }

  getWriting() {
    return this.request('GET', `/writing`);
  }

  setWriting(body) {
    return this.request('PUT', `/writing`, { body });
  }

  getRateLimits() {
    return this.request('GET', `/rate_limits`);
  }

  setRateLimits(body) {
    return this.request('PUT', `/rate_limits`, { body });
  }

  getRelease() {
    return this.request('GET', `/release`);
  }

  setRelease(body) {
    return this.request('PUT', `/release`, { body });
  }

  getFeatures() {
    return this.request('GET', `/features`);
  }

  setFeature(body) {
    return this.request('PUT', `/features`, { body });
  }

  listDeliveries(query = {}) {
    return this.request('GET', `/deliveries`, { query });
  }

  flushDeliveries(body = {}) {
    return this.request('POST', `/deliveries/flush`, { body });
  }

  getDelivery(delivery_id, ) {
    return this.request('GET', `/deliveries/${encodeURIComponent(delivery_id)}`);
  }

  redeliver(delivery_id, body = {}) {
    return this.request('POST', `/deliveries/${encodeURIComponent(delivery_id)}/redeliver`, { body });
  }

  triggerEvent(body) {
    return this.request('POST', `/events`, { body });
  }

  listJobs(query = {}) {
    return this.request('GET', `/jobs`, { query });
  }

  runJobs() {
    return this.request('POST', `/jobs/run`);
  }

  listAuditEvents(query = {}) {
    return this.request('GET', `/audit_events`, { query });
  }

  listSurprises() {
    return this.request('GET', `/surprises`);
  }

  listJournal(query = {}) {
    return this.request('GET', `/journal`, { query });
  }

  clearJournal() {
    return this.request('DELETE', `/journal`);
  }

  exportJournal(query = {}) {
    return this.request('GET', `/journal.har`, { query });
  }

  listExpectations() {
    return this.request('GET', `/expectations`);
  }

  createExpectation(body) {
    return this.request('POST', `/expectations`, { body });
  }

  deleteExpectations() {
    return this.request('DELETE', `/expectations`);
  }

  getExpectation(expectation, ) {
    return this.request('GET', `/expectations/${encodeURIComponent(expectation)}`);
  }

  deleteExpectation(expectation, ) {
    return this.request('DELETE', `/expectations/${encodeURIComponent(expectation)}`);
  }

  listNotes(query = {}) {
    return this.request('GET', `/notes`, { query });
  }

  clearNotes() {
    return this.request('DELETE', `/notes`);
  }

  getCoverage(query = {}) {
    return this.request('GET', `/coverage`, { query });
  }

  clearCoverage() {
    return this.request('DELETE', `/coverage`);
  }

  listFaultPlans() {
    return this.request('GET', `/faults`);
  }

  createFaultPlan(body) {
    return this.request('POST', `/faults`, { body });
  }

  deleteFaultPlans() {
    return this.request('DELETE', `/faults`);
  }

  getFaultPlan(plan, ) {
    return this.request('GET', `/faults/${encodeURIComponent(plan)}`);
  }

  deleteFaultPlan(plan, ) {
    return this.request('DELETE', `/faults/${encodeURIComponent(plan)}`);
  }

  resetFaultPlan(plan, ) {
    return this.request('POST', `/faults/${encodeURIComponent(plan)}/reset`);
  }

  listWorlds() {
    return this.request('GET', `/worlds`);
  }

  createWorld(body) {
    return this.request('POST', `/worlds`, { body });
  }

  getWorld(world, ) {
    return this.request('GET', `/worlds/${encodeURIComponent(world)}`);
  }

  deleteWorld(world, ) {
    return this.request('DELETE', `/worlds/${encodeURIComponent(world)}`);
  }

  claim() {
    return this.request('POST', `/claim`);
  }

  listSnapshots() {
    return this.request('GET', `/snapshots`);
  }

  takeSnapshot(body) {
    return this.request('POST', `/snapshots`, { body });
  }

  deleteSnapshot(snapshot, ) {
    return this.request('DELETE', `/snapshots/${encodeURIComponent(snapshot)}`);
  }

  restoreSnapshot(snapshot, ) {
    return this.request('POST', `/snapshots/${encodeURIComponent(snapshot)}/restore`);
  }
}

exports.Control = Control;

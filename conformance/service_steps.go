package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/orderedjson"
)

// serviceStep carries out a step that is about the external service.
func (x *execution) serviceStep(ctx context.Context, step *scenario.Step) *mishap {
	switch step.Kind() {
	case "answer":
		return x.awaitStatus(ctx, step.Answer)
	case "calls":
		return x.serviceCalls(ctx, step.Calls)
	case "deliver":
		return x.deliverTo(ctx, step.Deliver)
	case "fault":
		return x.trouble("put a fault in force", x.fault(ctx, step.Fault))
	}
	return x.secretsKept(ctx)
}

// finals are the statuses with which a service is done, also as GitLab before 15.0 shows them.
var finals = []string{"passed", "failed", "approved"}

// awaitStatus waits until the service has set a status since the last event, and GitLab shows it. The status pending
// need not last.
func (x *execution) awaitStatus(ctx context.Context, want *scenario.AnswerStep) *mishap {
	within := want.Within
	if within == 0 {
		within = x.suite.service.Patience
	}
	check, sha := jsonvalue.Text(x.vars["check."+want.Check+".id"]), jsonvalue.Text(x.vars["mr.sha"])
	wanted := want.Status
	if len(wanted) == 0 {
		wanted = finals
	}
	passing := slices.Contains(want.Status, "pending")
	shown := ""
	reached, err := x.suite.target.poll(ctx, within, func() (bool, error) {
		if err := x.suite.control.flush(ctx); err != nil {
			return false, err
		}
		if _, err := x.suite.watch.look(ctx); err != nil || !x.hasSet(check, sha, wanted) {
			return false, err
		}
		if passing {
			return true, nil
		}
		var err error
		shown, err = x.shownStatus(ctx, check)
		return slices.Contains(wanted, shown), err
	})
	if err != nil {
		return x.trouble("wait for the service", err)
	}
	if reached {
		return nil
	}
	message := fmt.Sprintf("the service set no status %s for check %s on the head %s within %s; %s",
		strings.Join(wanted[:min(len(wanted), 2)], " or "), check, sha, within,
		describeCalls(x.latest()))
	if shown != "" {
		message += "; GitLab shows " + shown
	}
	return &mishap{Failure: Failure{
		Action: "wait for the service's status", Message: x.suite.secrets.redact(message + x.lastReception(want.Check)),
	}, outcome: Failed}
}

// hasSet tells whether the service has set one of some statuses since the last event. Before 15.0 there is no status
// to set: a response is an approval.
func (x *execution) hasSet(check, sha string, wanted []string) bool {
	return slices.ContainsFunc(x.latest(), func(c serviceCall) bool {
		status := c.parameter("status")
		return c.sets(check, sha) && (status == "" || slices.Contains(wanted, status))
	})
}

// shownStatus is the status of a check as GitLab shows it.
func (x *execution) shownStatus(ctx context.Context, check string) (string, error) {
	shown := ""
	err := x.maker.eachItem(ctx, errand{
		"read the status checks", x.project.creator.token, "listMergeRequestStatusChecks",
		map[string]any{"id": x.project.id, "merge_request_iid": x.iid},
	}, func(a *answer) bool {
		if jsonvalue.Text(a.member("id")) == check {
			shown = a.text("status")
		}
		return shown == ""
	})
	return shown, err
}

// lastReception says how the service took the newest delivery for a check.
func (x *execution) lastReception(check string) string {
	d := x.suite.options.Receiver.newest(x.hooks+"/"+check, x.iid)
	if d == nil {
		return "; no delivery reached it"
	}
	switch a, replied, trouble := x.suite.options.Receiver.received(d); {
	case trouble != nil:
		return "; of the last delivery: " + trouble.Error()
	case replied:
		return fmt.Sprintf("; it answered %d to the last delivery", a.status)
	}
	return ""
}

// deliverTo sends the service a delivery with changes, and looks how it takes it.
func (x *execution) deliverTo(ctx context.Context, want *scenario.Deliver) *mishap {
	doing := "send a delivery for " + want.Check
	if err := x.rest(ctx, restTime); err != nil {
		return x.trouble(doing, err)
	}
	if err := x.event(ctx); err != nil {
		return x.trouble(doing, err)
	}
	model := x.suite.options.Receiver.newest(x.hooks+"/"+want.Check, x.iid)
	if model == nil {
		return &mishap{
			Failure: Failure{Action: doing, Message: "no delivery came that could be changed"},
			outcome: Errored,
		}
	}
	body, err := x.changed(want, model)
	if err != nil {
		return x.trouble(doing, err)
	}
	header := model.header.Clone()
	header.Del("Content-Length")
	x.sign(header, want, model.raw, body)
	a, trouble := x.suite.service.send(ctx, header, body)
	m := &judgement{variables: x.vars}
	if a != nil {
		m.answer = a.seen()
		x.receptions = append(x.receptions, a)
	}
	matchReception(m, want.Expect, a, trouble)
	if len(m.found) == 0 {
		return nil
	}
	return &mishap{Failure: Failure{
		Action: doing, Message: describeDelivery(want), Mismatches: x.redacted(m.found),
	}, outcome: Failed}
}

// describeDelivery says what is wrong or odd with a delivery.
func describeDelivery(want *scenario.Deliver) string {
	words := map[string]string{
		"": "its signature is right", scenario.SignNone: "it has no signature",
		scenario.SignOther:   "it is signed with another secret",
		scenario.SignBefore:  "it has the signature of the body before the change",
		scenario.SignCut:     "it has half of the right signature",
		scenario.SignEmpty:   "its signature is empty",
		scenario.SignInserts: "its signature is no signature",
	}
	return "the delivery did not go as expected: " + words[want.Sign]
}

// sign gives a delivery the signature that a step asks for.
func (x *execution) sign(header http.Header, want *scenario.Deliver, before, body []byte) {
	secret := x.suite.service.Secret
	header.Del(signatureHeader)
	right := signature(secret, body)
	given := map[string]string{
		"": right, scenario.SignOther: signature(secret+"-other", body), scenario.SignBefore: signature(secret, before),
		scenario.SignCut: right[:len(right)/2], scenario.SignEmpty: "", scenario.SignInserts: "nonsense",
	}[want.Sign]
	if secret != "" && want.Sign != scenario.SignNone {
		header[signatureHeader] = []string{given}
	}
}

// changed is the body of a delivery with the changes of a step.
func (x *execution) changed(want *scenario.Deliver, model *delivery) ([]byte, error) {
	if want.HasBody {
		text, err := x.vars.Text(want.Body)
		return []byte(text), err
	}
	if len(want.Set)+len(want.Drop) == 0 && want.Form == "" {
		return model.raw, nil
	}
	value, err := orderedjson.Parse(model.raw, nil)
	if err != nil {
		return nil, err
	}
	filled, err := x.vars.Fill(orEmpty(want.Set))
	if err != nil {
		return nil, err
	}
	set, _ := filled.(map[string]any)
	for path, member := range set {
		if holder, key := holderOf(value, path); holder != nil {
			holder.Set(key, jsonvalue.Plain(member))
		}
	}
	for _, path := range want.Drop {
		if holder, key := holderOf(value, path); holder != nil {
			holder.Drop(key)
		}
	}
	return written(value, want.Form)
}

// holderOf is the object that holds what a dotted path leads to, with its key there; nil where there is none.
func holderOf(value any, path string) (*orderedjson.Object, string) {
	parts := strings.Split(path, ".")
	for _, part := range parts[:len(parts)-1] {
		o, isObject := value.(*orderedjson.Object)
		if !isObject {
			return nil, ""
		}
		value = o.Get(part)
	}
	o, _ := value.(*orderedjson.Object)
	return o, parts[len(parts)-1]
}

// fault puts a fault in force until the scenario ends. One for calls meets those of the service only.
func (x *execution) fault(ctx context.Context, given map[string]any) error {
	filled, err := x.vars.Fill(given)
	if err != nil {
		return err
	}
	one := filled.(map[string]any)
	if _, ofDeliveries := one["deliveries"]; !ofDeliveries {
		calls := map[string]any{}
		if named, is := one["calls"].(map[string]any); is {
			calls = named
		}
		calls["user"] = x.suite.watch.user
		one["calls"] = calls
	}
	x.faulty = true
	return x.suite.control.must(ctx, "put a fault in force", "createFaultPlan",
		map[string]any{"faults": []any{one}})
}

// secretsKept looks for the service's token and secret in what the service has told others.
func (x *execution) secretsKept(ctx context.Context) *mishap {
	if err := x.rest(ctx, restTime); err != nil {
		return x.trouble("look for secrets", err)
	}
	told, err := x.told(ctx)
	if err != nil {
		return x.trouble("look for secrets", err)
	}
	names := map[string]string{
		"the token": x.suite.options.Tokens[scenario.Developer], "the shared secret": x.suite.service.Secret,
	}
	for place, text := range told {
		for name, secret := range names {
			if len(secret) >= minSecret && strings.Contains(text, secret) {
				return &mishap{Failure: Failure{
					Action: "look for secrets", Message: fmt.Sprintf("the service shows %s in %s", name, place),
				}, outcome: Failed}
			}
		}
	}
	return nil
}

// told is what others can read of the service, by where it stands.
func (x *execution) told(ctx context.Context) (map[string]string, error) {
	told := map[string]string{}
	if x.suite.service.Output != nil {
		told["what it writes to its standard output and error"] = x.suite.service.Output()
	}
	for _, a := range append(x.suite.options.Receiver.receptions(x.hooks), x.receptions...) {
		text := string(a.raw)
		for name, values := range a.header {
			text += "\n" + name + ": " + strings.Join(values, ", ")
		}
		told["its answers to deliveries"] += text + "\n"
	}
	where := func() map[string]any { return map[string]any{"id": x.project.id, "merge_request_iid": x.iid} }
	for operation, place := range map[string]string{
		"getMergeRequest": "the merge request", "listMergeRequestNotes": "a comment on the merge request",
	} {
		with := where()
		if operation == "listMergeRequestNotes" {
			with = map[string]any{"id": x.project.id, "noteable_id": x.iid, "per_page": 100}
		}
		a, err := x.maker.make(ctx, errand{"read what the service wrote", x.project.creator.token, operation, with})
		if err != nil {
			return nil, err
		}
		told[place] = string(a.raw)
	}
	return told, nil
}

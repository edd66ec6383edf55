package proof

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // a server that signs as others do
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"
)

// losing loses the parcels for which a condition holds.
func losing(holds func(*parcel) bool) delivery {
	return func(p *parcel) { p.lost = p.lost || holds(p) }
}

// about tells the parcels of an action. A push is an update with oldrev, a retry has no action.
func about(action string) func(*parcel) bool {
	return func(p *parcel) bool {
		_, pushed := p.attributes().Members["oldrev"]
		return p.action() == action && (action != "update" || !pushed)
	}
}

func pushed(p *parcel) bool { _, has := p.attributes().Members["oldrev"]; return has }

// writing changes the payload and signs it anew.
func writing(change func(p *parcel)) delivery {
	return func(p *parcel) {
		change(p)
		p.packed()
	}
}

// calling gives an action another name.
func calling(action, name string) delivery {
	return writing(func(p *parcel) {
		if p.action() == action {
			p.attributes().Set("action", name)
		}
	})
}

// telling tells of a merge request that nothing happened to, after an operation.
func telling(operations string) alteration {
	return on(operations, after(func(v *visit) {
		if v.succeeded() {
			v.touch(v.mr())
		}
	}))
}

// touch changes nothing about a merge request, which is told.
func (v *visit) touch(iid string) {
	for _, name := range []string{"noteable_id", "merge_request_iid"} {
		if v.path[name] != "" {
			iid = v.path[name]
		}
	}
	mr, _ := v.ask("getMergeRequest", "merge_request_iid", iid).answered().(*object)
	if mr != nil {
		v.ask("updateMergeRequest", "merge_request_iid", iid, "title", mr.Get("title"))
	}
}

// stamped sets a header of the request.
func stamped(name, value string) delivery {
	return func(p *parcel) { p.request.Header.Set(name, value) }
}

// sealing signs in another way what is signed.
func sealing(seal func(p *parcel, secret string) string) delivery {
	return func(p *parcel) {
		if _, c := p.check(); p.request.Header.Get(signature) != "" {
			p.request.Header.Set(signature, seal(p, c.secret))
		}
	}
}

// siblings sends the parcel to the other checks of the same scenario too.
func (p *parcel) siblings() {
	id, own := p.check()
	folder := own.url[:strings.LastIndex(own.url, "/")+1]
	p.server.memory.mu.Lock()
	var others []string
	for other, c := range p.server.memory.checks {
		if other != id && c.project == own.project && strings.HasPrefix(c.url, folder) {
			others = append(others, other)
		}
	}
	p.server.memory.mu.Unlock()
	slices.Sort(others)
	for _, other := range others {
		c := p.server.memory.check(other)
		told := p.payload.Clone()
		told.Set("external_approval_rule", of("id", parse([]byte(other)), "name", other, "external_url", c.url))
		r := httptest.NewRequest(http.MethodPost, c.url, strings.NewReader(string(encode(told))))
		r.Header.Set("Content-Type", "application/json")
		if response, err := p.next.RoundTrip(r); err == nil {
			_ = response.Body.Close()
		}
	}
}

// scope asks for the names of the branches that the parcel's check is for.
func (p *parcel) scope() []string {
	id, c := p.check()
	v := &visit{
		server: p.server, request: httptest.NewRequest(http.MethodGet, serverURL, http.NoBody),
		path: map[string]string{"id": text(number(c.project))},
	}
	var names []string
	for _, o := range objects(v.ask(listChecks, "per_page", number(100)).answered()) {
		if text(o.Get("id")) == id {
			for _, b := range objects(o.Get("protected_branches")) {
				names = append(names, text(b.Get("name")))
			}
		}
	}
	return names
}

var deliveryDefects = []Defect{
	{
		ID: "open-not-told", Area: "deliver", Wrong: "A new merge request is not told, as the documentation has it.",
		Deliver: losing(func(p *parcel) bool { return p.action() == "open" && !probed(p) }),
	},
	{
		ID: "update-not-told", Area: "deliver", Wrong: "Changes of a merge request are not told.",
		Deliver: losing(about("update")),
	},
	{
		ID: "unchanged-not-told", Area: "deliver", Wrong: "A change that changes nothing is not told.",
		Deliver: losing(func(p *parcel) bool {
			changes, _ := p.payload.Get("changes").(*object)
			return about("update")(p) && changes != nil && changes.Get("title") == nil &&
				changes.Get("description") == nil
		}),
	},
	{ID: "push-not-told", Area: "deliver", Wrong: "Pushes are not told.", Deliver: losing(pushed)},
	{ID: "close-not-told", Area: "deliver", Wrong: "Closing is not told.", Deliver: losing(about("close"))},
	{ID: "reopen-not-told", Area: "deliver", Wrong: "Reopening is not told.", Deliver: losing(about("reopen"))},
	{ID: "merge-not-told", Area: "deliver", Wrong: "Merging is not told.", Deliver: losing(about("merge"))},
	{ID: "approval-not-told", Area: "deliver", Wrong: "Approvals are not told.", Deliver: losing(about("approved"))},
	{
		ID: "unapproval-not-told", Area: "deliver", Wrong: "That an approval is taken back is not told.",
		Deliver: losing(func(p *parcel) bool { return strings.HasPrefix(p.action(), "unapprov") }),
	},
	{
		ID: "retry-not-told", Area: "deliver", Wrong: "A retry is not told.",
		Deliver: losing(func(p *parcel) bool { return p.action() == "" }),
	},
	{
		ID: "close-told-once", Area: "deliver", Wrong: "Closing by the API is told as closing alone.",
		Deliver: losing(func(p *parcel) bool { return about("update")(p) && p.attributes().Get("state") == "closed" }),
	},
	{
		ID: "closing-is-an-update", Area: "deliver", Wrong: "Closing is told as an update.",
		Deliver: calling("close", "update"),
	},
	{
		ID: "reopening-is-an-update", Area: "deliver", Wrong: "Reopening is told as an update.",
		Deliver: calling("reopen", "update"),
	},
	{
		ID: "merging-is-an-update", Area: "deliver", Wrong: "Merging is told as an update.",
		Deliver: calling("merge", "update"),
	},
	{
		ID: "opening-is-a-creation", Area: "deliver", Wrong: "A new merge request is told as create.",
		Deliver: calling("open", "create"),
	},
	{
		ID: "approved-is-an-approval", Area: "deliver", Wrong: "The last approval is told as approval.",
		Deliver: calling("approved", "approval"),
	},
	{
		ID: "retry-is-an-update", Area: "deliver", Wrong: "A retry is told as an update.",
		Deliver: writing(func(p *parcel) {
			if p.action() == "" {
				p.attributes().Set("action", "update")
			}
		}),
	},
	{
		ID: "retry-told-to-all", Area: "deliver", Wrong: "A retry is told to all checks of the merge request.",
		Deliver: func(p *parcel) {
			if p.action() == "" {
				p.siblings()
			}
		},
	},
	{
		ID: "push-without-oldrev", Area: "deliver", Wrong: "A push does not say what was the head before.",
		Deliver: writing(func(p *parcel) { p.attributes().Drop("oldrev") }),
	},
	{
		ID: "update-with-oldrev", Area: "deliver", Wrong: "Every update says what was the head before.",
		Deliver: writing(func(p *parcel) {
			if p.action() == "update" && !pushed(p) {
				p.attributes().Set("oldrev", strings.Repeat("0", 40))
			}
		}),
	},
	{
		ID: "push-with-old-head", Area: "deliver", Wrong: "A push is told with the head before it.",
		Deliver: writing(func(p *parcel) {
			if commit, ok := p.attributes().Get("last_commit").(*object); ok && pushed(p) {
				commit.Set("id", p.attributes().Get("oldrev"))
			}
		}),
	},
	{
		ID: "changes-left-out", Area: "deliver", Wrong: "What changed is not told.",
		Deliver: writing(func(p *parcel) { p.payload.Set("changes", of()) }),
	},
	{
		ID: "comments-told", Area: "deliver", Wrong: "A comment is told, as older documentation has it.",
		Answer: telling("createMergeRequestNote"),
	},
	{
		ID: "discussions-told", Area: "deliver", Wrong: "A new discussion is told.",
		Answer: telling("createMergeRequestDiscussion"),
	},
	{
		ID: "resolving-not-told", Area: "deliver", Wrong: "That the last thread was resolved is not told.",
		Answer: on("resolveMergeRequestDiscussion",
			func(v *visit) { v.server.memory.note("resolving", v.path["noteable_id"]+v.mr()) }),
		Deliver: losing(func(p *parcel) bool {
			return about("update")(p) && text(p.attributes().Get("iid")) == p.server.memory.noted("resolving")
		}),
	},
	{ID: "responses-told", Area: "deliver", Wrong: "A response is told.", Answer: telling(respond)},
	{
		ID: "check-changes-told", Area: "deliver", Wrong: "A change of a check is told to it.",
		Answer: on(updateCheck, after(func(v *visit) {
			for _, mr := range objects(v.ask("listMergeRequests", "state", "opened", "per_page", number(100)).
				answered()) {
				v.touch(text(mr.Get("iid")))
			}
		})),
	},
	{
		ID: "branches-not-heeded", Area: "deliver", Wrong: "Checks are told of merge requests into any branch.",
		Deliver: (*parcel).siblings,
	},
	{
		ID: "branches-heeded-exactly", Area: "deliver", Wrong: "Checks are told only of merge requests into exactly " +
			"their branches.",
		Deliver: losing(func(p *parcel) bool {
			scope := p.scope()
			return len(scope) > 0 && !slices.Contains(scope, text(p.attributes().Get("target_branch")))
		}),
	},
	{
		ID: "limited-checks-not-told", Area: "deliver", Wrong: "Checks that are limited to branches are never told " +
			"anything.",
		Deliver: losing(func(p *parcel) bool { return len(p.scope()) > 0 }),
	},
	{
		ID: "answer-of-receiver-counts", Area: "deliver", Wrong: "A service that answers 200 has passed the merge " +
			"request.",
		Deliver: func(p *parcel) {
			id, c := p.check()
			time.Sleep(time.Millisecond) // so that it does not matter who is faster, the delivery or whoever caused it
			v := &visit{
				server: p.server, request: httptest.NewRequest(http.MethodGet, serverURL, http.NoBody),
				path: map[string]string{
					"id":                text(number(c.project)),
					"merge_request_iid": text(p.attributes().Get("iid")),
				},
			}
			v.ask(respond, "external_status_check_id", parse([]byte(id)), "sha", v.head(), "status", "passed")
		},
	},
	{
		ID: "sent-as-form", Area: "deliver", Wrong: "A payload is sent with the type of a form, as up to 15.3.",
		Deliver: stamped("Content-Type", "application/x-www-form-urlencoded"),
	},
	{
		ID: "sent-with-put", Area: "deliver", Wrong: "A payload is sent with PUT.",
		Deliver: func(p *parcel) { p.request.Method = http.MethodPut },
	},
	{
		ID: "sent-as-webhook", Area: "deliver", Wrong: "A payload has the headers of ordinary webhooks.",
		Deliver: func(p *parcel) {
			p.request.Header.Set("X-Gitlab-Event", "Merge Request Hook")
			p.request.Header.Set("X-Gitlab-Instance", serverURL)
			p.request.Header.Set("X-Gitlab-Event-Uuid", "13792a34-cac6-4fda-95a8-c58e00a3954e")
		},
	},
	{
		ID: "secret-sent", Area: "deliver", Wrong: "The secret itself is sent, as ordinary webhooks send theirs.",
		Deliver: func(p *parcel) {
			if _, c := p.check(); c.secret != "" {
				p.request.Header.Set("X-Gitlab-Token", c.secret)
			}
		},
	},
	{
		ID: "sent-by-gitlab", Area: "deliver", Wrong: "A payload is sent by a client that calls itself GitLab.",
		Deliver: stamped("User-Agent", "GitLab/18.9.0-ee"),
	},
	{
		ID: "not-signed", Area: "deliver", Wrong: "Payloads are not signed.",
		Deliver: func(p *parcel) { p.request.Header.Del(signature) },
	},
	{
		ID: "always-signed", Area: "deliver", Wrong: "Payloads for checks without a secret are signed with an empty " +
			"one.",
		Deliver: func(p *parcel) {
			if p.request.Header.Get(signature) == "" {
				p.request.Header.Set(signature, signed("", p.body))
			}
		},
	},
	{
		ID: "signed-with-prefix", Area: "deliver", Wrong: "The signature begins with sha256=.",
		Deliver: sealing(func(p *parcel, secret string) string { return "sha256=" + signed(secret, p.body) }),
	},
	{
		ID: "signed-in-capitals", Area: "deliver", Wrong: "The signature is in capitals.",
		Deliver: sealing(func(p *parcel, secret string) string { return strings.ToUpper(signed(secret, p.body)) }),
	},
	{
		ID: "signed-in-base64", Area: "deliver", Wrong: "The signature is in base64.",
		Deliver: sealing(func(p *parcel, secret string) string {
			raw, _ := hex.DecodeString(signed(secret, p.body))
			return base64.StdEncoding.EncodeToString(raw)
		}),
	},
	{
		ID: "signed-with-sha1", Area: "deliver", Wrong: "The signature is made with SHA-1.",
		Deliver: sealing(func(p *parcel, secret string) string {
			mac := hmac.New(sha1.New, []byte(secret))
			mac.Write(p.body)
			return hex.EncodeToString(mac.Sum(nil))
		}),
	},
	{
		ID: "signed-otherwise-written", Area: "deliver", Wrong: "The signature is made over the payload with <, > " +
			"and & escaped, which is not what is sent.",
		Deliver: sealing(func(p *parcel, secret string) string {
			escaped := strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(string(p.body))
			return signed(secret, []byte(escaped))
		}),
	},
	{
		ID: "signed-in-another-header", Area: "deliver", Wrong: "The signature is in X-Hub-Signature-256.",
		Deliver: func(p *parcel) {
			p.request.Header["X-Hub-Signature-256"] = p.request.Header[signature]
			p.request.Header.Del(signature)
		},
	},
	{
		ID: "signed-with-removed-secret", Area: "deliver", Wrong: "A removed secret goes on signing.",
		Deliver: func(p *parcel) {
			id, _ := p.check()
			if given := p.request.Header.Get(signature); given != "" {
				_, c := p.check()
				p.server.memory.note("secret of "+id, c.secret)
			} else if old := p.server.memory.noted("secret of " + id); old != "" {
				p.request.Header.Set(signature, signed(old, p.body))
			}
		},
	},
}

package proof

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"
)

// hears changes what the good server hears of the receiver.
func hears(change listener) delivery {
	return func(p *parcel) { p.heard = change }
}

// answered changes answers alone.
func answered(change func(p *parcel, answer *http.Response)) delivery {
	return hears(func(p *parcel, answer *http.Response, err error) (*http.Response, error) {
		if err == nil {
			change(p, answer)
		}
		return answer, err
	})
}

// unanswered takes some answers for none.
func unanswered(holds func(status int) bool) delivery {
	return hears(func(_ *parcel, answer *http.Response, err error) (*http.Response, error) {
		if err == nil && holds(answer.StatusCode) {
			_ = answer.Body.Close()
			return nil, errors.New("the service did not take it")
		}
		return answer, err
	})
}

// delayed changes how late an answer counts as.
func delayed(change func(time.Duration) time.Duration) delivery {
	return answered(func(_ *parcel, answer *http.Response) {
		if by, err := time.ParseDuration(answer.Header.Get("X-Mock-Late")); err == nil {
			answer.Header.Set("X-Mock-Late", change(by).String())
		}
	})
}

// sentOn tells whether the parcel goes to another address than the check's own.
func sentOn(p *parcel) bool {
	rule, _ := p.payload.Get("external_approval_rule").(*object)
	return rule != nil && text(rule.Get("external_url")) != p.request.URL.String()
}

// stays tells no redirect.
func stays(status int) bool { return status < 300 || status > 399 }

// count counts a parcel under a name and says how often it was counted before.
func (p *parcel) count(name string) int {
	name += " " + string(p.body)
	before, _ := strconv.Atoi(p.server.memory.noted(name))
	p.server.memory.note(name, strconv.Itoa(before+1))
	return before
}

// hop counts the requests of a delivery: 0 is the first.
func (p *parcel) hop() int {
	if !sentOn(p) {
		p.server.memory.note("hop "+string(p.body), "0")
	}
	return p.count("hop")
}

// answeredFor takes an answer that says so for a response to the check.
func answeredFor(p *parcel, answer *http.Response) {
	body, _ := io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	said, _ := parse(body).(*object)
	project, _ := p.payload.Get("project").(*object)
	if said == nil || project == nil || text(said.Get("status")) == "" {
		return
	}
	v := &visit{
		server: p.server, request: httptest.NewRequest(http.MethodGet, serverURL, http.NoBody),
		path: map[string]string{"id": text(project.Get("id"))},
	}
	id, _ := p.check()
	commit, _ := p.attributes().Get("last_commit").(*object)
	if commit != nil {
		v.ask(respond, "merge_request_iid", p.attributes().Get("iid"), "external_status_check_id", id, "sha",
			commit.Get("id"), "status", said.Get("status"))
	}
}

// answerDefects are servers that make something else of a service's answers.
var answerDefects = []Defect{
	{
		ID: "redirect-loses-body", Area: "deliver", Wrong: "A redirect that makes a GET loses the payload.",
		Deliver: func(p *parcel) {
			if p.request.Method == http.MethodGet {
				p.body = nil
			}
		},
	},
	{
		ID: "redirect-loses-signature", Area: "deliver", Wrong: "The signature goes to the check's own address alone.",
		Deliver: func(p *parcel) {
			if sentOn(p) {
				p.request.Header.Del(signature)
			}
		},
	},
	{
		ID: "redirects-stay-post", Area: "deliver", Wrong: "A redirect by 301, 302 or 303 keeps the method.",
		Deliver: func(p *parcel) { p.request.Method = http.MethodPost },
	},
	{
		ID: "redirects-become-get", Area: "deliver", Wrong: "A redirect by 307 or 308 makes a GET.",
		Deliver: func(p *parcel) {
			if sentOn(p) {
				p.request.Method = http.MethodGet
			}
		},
	},
	{
		ID: "see-other-not-followed", Area: "deliver", Wrong: "A redirect by 303 is not followed.",
		Deliver: notFollowing(http.StatusSeeOther),
	},
	{
		ID: "permanent-not-followed", Area: "deliver", Wrong: "Redirects for good, by 301 or 308, are not followed.",
		Deliver: notFollowing(http.StatusMovedPermanently, http.StatusPermanentRedirect),
	},
	{
		ID: "redirects-not-followed", Area: "deliver", Wrong: "No redirect is followed.",
		Deliver: answered(func(_ *parcel, answer *http.Response) { answer.Header.Del("Location") }),
	},
	{
		ID: "three-redirects-followed", Area: "deliver", Wrong: "Three redirects are followed and not the fourth.",
		Deliver: losing(func(p *parcel) bool { return p.hop() > 3 }),
	},
	{
		ID: "five-redirects-followed", Area: "deliver", Wrong: "Five redirects are followed, as the limit is called " +
			"five.",
		Deliver: hears(func(p *parcel, answer *http.Response, err error) (*http.Response, error) {
			if err != nil || stays(answer.StatusCode) || sentOn(p) {
				return answer, err
			}
			next, err := p.request.URL.Parse(answer.Header.Get("Location"))
			if err != nil || next.Hostname() != p.request.URL.Hostname() {
				return answer, nil
			}
			_ = answer.Body.Close()
			if answer.StatusCode < http.StatusTemporaryRedirect {
				p.request.Method = http.MethodGet
			}
			p.request.URL = next
			return p.send()
		}),
	},
	{
		ID: "500-sent-again", Area: "deliver", Wrong: "What the service breaks at is sent again.",
		Deliver: unanswered(func(status int) bool { return status >= 500 }),
	},
	{
		ID: "404-sent-again", Area: "deliver", Wrong: "What the service refuses is sent again.",
		Deliver: unanswered(func(status int) bool { return status >= 400 && status < 500 }),
	},
	{
		ID: "unanswered-forgotten", Area: "deliver", Wrong: "What is not answered is not sent again.",
		Deliver: hears(func(_ *parcel, answer *http.Response, err error) (*http.Response, error) {
			if err != nil {
				return taken(), nil
			}
			return answer, nil
		}),
	},
	{
		ID: "sent-again-twice", Area: "deliver", Wrong: "What is never answered is sent three times in all.",
		Deliver: losing(func(p *parcel) bool { return !sentOn(p) && p.count("sent") > 2 }),
	},
	{
		ID: "sent-again-for-ever", Area: "deliver", Wrong: "What is never answered is sent twice each time.",
		Deliver: hears(func(p *parcel, answer *http.Response, err error) (*http.Response, error) {
			if err != nil {
				return p.send()
			}
			return answer, nil
		}),
	},
	{ID: "sent-again-as-of-now", Area: "deliver", Wrong: "What is sent again says when it was sent, not when it " +
		"happened.", Deliver: writing(func(p *parcel) {
		if !sentOn(p) && p.count("sent") > 0 {
			p.attributes().Set("updated_at", "2026-01-31T09:59:59Z")
		}
	})},
	{
		ID: "answer-sets-status", Area: "deliver", Wrong: "A status in the service's answer counts as a response.",
		Deliver: answered(answeredFor),
	},
	{
		ID: "waits-ten-seconds", Area: "deliver", Wrong: "An answer has ten seconds.",
		Deliver: delayed(func(by time.Duration) time.Duration { return 2 * by }),
	},
	{
		ID: "waits-a-minute", Area: "deliver", Wrong: "An answer has a minute.",
		Deliver: delayed(func(by time.Duration) time.Duration { return by / 3 }),
	},
}

// notFollowing takes some redirects for answers.
func notFollowing(statuses ...int) delivery {
	return answered(func(_ *parcel, answer *http.Response) {
		for _, status := range statuses {
			if answer.StatusCode == status {
				answer.Header.Del("Location")
			}
		}
	})
}

package proof

import (
	"net/http"
	"net/http/httptest"
)

// lifeOfChecksDefects are about checks that are deleted, that move, and whose service refuses.
var lifeOfChecksDefects = []Defect{
	{
		ID: "deleted-is-still-told", Area: "deliver", Wrong: "A check that was deleted goes on being told.",
		Answer: on(deleteCheck, also(func(v *visit) {
			v.server.memory.note("ghost "+v.check(), v.server.memory.check(v.check()).url)
		})),
		Deliver: func(p *parcel) {
			_, c := p.check()
			for _, id := range p.server.memory.checksOf(c.project) {
				if p.server.memory.noted("ghost "+id) != "" {
					p.sendTo(p.server.memory.check(id).url)
				}
			}
		},
	},
	{
		ID: "moved-is-told-at-both", Area: "deliver",
		Wrong:   "After a change of its URL a check is told at the old one as well.",
		Answer:  on(updateCheck, keepFormerURL),
		Deliver: func(p *parcel) { p.sendToFormerURL() },
	},
	{
		ID: "moved-is-told-at-the-old", Area: "deliver",
		Wrong:   "After a change of its URL a check is told at the old one.",
		Answer:  on(updateCheck, keepFormerURL),
		Deliver: func(p *parcel) { p.lost = p.sendToFormerURL() },
	},
	refusing("refusal-fails-400", "A service that answers 400 has failed its check.", 400, "failed"),
	refusing("refusal-fails-404", "A service that answers 404 has failed its check.", 404, "failed"),
	refusing("refusal-fails-422", "A service that answers 422 has failed its check.", 422, "failed"),
	refusing("refusal-fails-500", "A service that answers 500 has failed its check.", 500, "failed"),
	refusing("refusal-fails-503", "A service that answers 503 has failed its check.", 503, "failed"),
	refusing("refusal-resets-503", "A service that answers 503 takes back what it said.", 503, "pending"),
}

// refusing gives a check a status when its service answers with another one.
func refusing(id, wrong string, answer int, status string) Defect {
	return Defect{ID: id, Area: "deliver", Wrong: wrong, Deliver: answered(func(p *parcel, got *http.Response) {
		if got.StatusCode == answer {
			setFor(p, status)
		}
	})}
}

// setFor gives a check a status for the head that it was told of.
func setFor(p *parcel, status string) {
	project, _ := p.payload.Get("project").(*object)
	commit, _ := p.attributes().Get("last_commit").(*object)
	if project == nil || commit == nil {
		return
	}
	v := &visit{
		server: p.server, request: httptest.NewRequest(http.MethodGet, serverURL, http.NoBody),
		path: map[string]string{"id": text(project.Get("id")), "merge_request_iid": text(p.attributes().Get("iid"))},
	}
	id, _ := p.check()
	v.says(status, id, "sha", commit.Get("id"))
}

// sendTo sends the parcel to another address as well.
func (p *parcel) sendTo(url string) {
	r := p.request.Clone(p.request.Context())
	target, err := r.URL.Parse(url)
	if err != nil {
		return
	}
	r.URL, r.Host = target, target.Host
	copied := &parcel{server: p.server, request: r, body: p.body, next: p.next}
	if response, err := copied.send(); err == nil {
		_ = response.Body.Close()
	}
}

// keepFormerURL notes the URL that a check had before an update.
func keepFormerURL(v *visit) {
	if was := v.server.memory.check(v.check()); v.given("external_url") != nil && was.url != "" {
		v.server.memory.note("former "+v.check(), was.url)
	}
}

// sendToFormerURL sends a delivery to the noted URL too. It reports whether there is one.
func (p *parcel) sendToFormerURL() bool {
	id, _ := p.check()
	url := p.server.memory.noted("former " + id)
	if url != "" {
		p.sendTo(url)
	}
	return url != ""
}

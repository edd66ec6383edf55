package mockserver

import (
	"bytes"
	"encoding/json"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// mergeRequestEvent is the payload of a delivery to an external service: the data of a merge request hook, and the
// check.
//
// Source: lib/gitlab/data_builder/issuable.rb, ee/app/models/merge_requests/external_status_check.rb.
type mergeRequestEvent struct {
	ObjectKind       string          `json:"object_kind"`
	EventType        string          `json:"event_type"`
	User             eventUser       `json:"user"`
	Project          eventProject    `json:"project"`
	ObjectAttributes eventAttributes `json:"object_attributes"`
	Labels           []eventLabel    `json:"labels"`
	Changes          eventChanges    `json:"changes"`
	Repository       eventRepository `json:"repository"`
	Assignees        []eventUser     `json:"assignees,omitempty"`
	Reviewers        []eventReviewer `json:"reviewers,omitempty"`
}

type eventUser struct {
	ID        gitlab.UserID `json:"id"`
	Name      string        `json:"name"`
	Username  string        `json:"username"`
	AvatarURL string        `json:"avatar_url"`
	Email     string        `json:"email"`
}

type eventReviewer struct {
	eventUser
	State       *string `json:"state,omitempty"`
	ReRequested *bool   `json:"re_requested,omitempty"`
}

type eventProject struct {
	ID                gitlab.ProjectID `json:"id"`
	Name              string           `json:"name"`
	Description       *string          `json:"description"`
	WebURL            string           `json:"web_url"`
	AvatarURL         *string          `json:"avatar_url"`
	GitSSHURL         string           `json:"git_ssh_url"`
	GitHTTPURL        string           `json:"git_http_url"`
	Namespace         string           `json:"namespace"`
	VisibilityLevel   int              `json:"visibility_level"`
	PathWithNamespace string           `json:"path_with_namespace"`
	DefaultBranch     *string          `json:"default_branch"`
	CIConfigPath      *string          `json:"ci_config_path"`
	Homepage          string           `json:"homepage"`
	URL               string           `json:"url"`
	SSHURL            string           `json:"ssh_url"`
	HTTPURL           string           `json:"http_url"`
}

type eventRepository struct {
	Name        string  `json:"name"`
	URL         string  `json:"url"`
	Description *string `json:"description"`
	Homepage    string  `json:"homepage"`
}

type eventCheck struct {
	ID          gitlab.CheckID `json:"id"`
	Name        string         `json:"name"`
	ExternalURL string         `json:"external_url"`
}

// eventLabel is a label in an event. Its times have Ruby's form.
type eventLabel struct {
	ID          gitlab.LabelID   `json:"id"`
	Title       string           `json:"title"`
	Color       string           `json:"color"`
	ProjectID   gitlab.ProjectID `json:"project_id"`
	CreatedAt   rubyTime         `json:"created_at"`
	UpdatedAt   rubyTime         `json:"updated_at"`
	Template    bool             `json:"template"`
	Description *string          `json:"description"`
	Type        string           `json:"type"`
	GroupID     *int64           `json:"group_id"`
}

// payload renders the payload of deliveries: the data of the event and, as its last member, the check.
func payload(tx *gitlab.Tx, e gitlab.MergeRequestEvent) (gitlab.Rendering, error) {
	mr := e.MergeRequest
	p, _ := tx.Project(mr.ProjectID)
	target := presentEventProject(tx, p)
	event := encodeJSON(mergeRequestEvent{
		ObjectKind: "merge_request", EventType: "merge_request", User: presentEventUser(tx, e.User), Project: target,
		ObjectAttributes: presentEventAttributes(tx, e, p), Labels: presentEventLabels(tx, p.ID, mr.Labels),
		Changes:    presentEventChanges(tx, e),
		Repository: eventRepository{target.Name, target.URL, target.Description, target.Homepage},
		Assignees:  presentEventUsers(tx, mr.AssigneeIDs), Reviewers: presentEventReviewers(tx, mr),
	})
	closing := []byte("}")
	return gitlab.Rendering{Event: bytes.TrimSuffix(event, closing), Own: presentEventCheck, Closing: closing}, nil
}

// presentEventCheck is the last member of the payload, and the end of the payload.
func presentEventCheck(c gitlab.ExternalStatusCheck) []byte {
	member := encodeJSON(struct {
		Check eventCheck `json:"external_approval_rule"`
	}{eventCheck{c.ID, c.Name, c.ExternalURL}})
	return append([]byte(","), member[1:]...)
}

func presentEventUser(tx *gitlab.Tx, u gitlab.User) eventUser {
	e := eventUser{
		ID: u.ID, Name: u.Name, Username: u.Username, AvatarURL: avatarURL(tx, u.Email), Email: u.PublicEmail,
	}
	if e.Email == "" {
		e.Email = "[REDACTED]"
	}
	return e
}

func presentEventUsers(tx *gitlab.Tx, ids []gitlab.UserID) []eventUser {
	users := []eventUser{}
	for _, id := range ids {
		if u, ok := tx.User(id); ok {
			users = append(users, presentEventUser(tx, u))
		}
	}
	return users
}

func presentEventReviewers(tx *gitlab.Tx, mr gitlab.MergeRequest) []eventReviewer {
	reviewers := []eventReviewer{}
	if !tx.Has(gitlab.TellsOfPeople) {
		return reviewers
	}
	for _, u := range presentEventUsers(tx, mr.ReviewerIDs) {
		reviewers = append(reviewers, eventReviewer{
			eventUser:   u,
			State:       dated(tx, gitlab.TellsOfReviews, mr.ReviewState(u.ID)),
			ReRequested: dated(tx, gitlab.TellsOfReviews, false),
		})
	}
	return reviewers
}

func presentEventProject(tx *gitlab.Tx, p gitlab.Project) eventProject {
	n, _ := tx.Namespace(p.NamespaceID)
	web, ssh, https := projectURLs(tx, p)
	return eventProject{
		ID: p.ID, Name: p.Name, Description: orNull(p.Description), WebURL: web, GitSSHURL: ssh, GitHTTPURL: https,
		Namespace:       n.Name,
		VisibilityLevel: p.Visibility.Level(), PathWithNamespace: p.FullPath, DefaultBranch: orNull(p.DefaultBranch),
		Homepage: web, URL: ssh, SSHURL: ssh, HTTPURL: https,
	}
}

func presentEventLabels(tx *gitlab.Tx, p gitlab.ProjectID, titles []string) []eventLabel {
	return presentAll(tx.Labels(p, sortedTitles(titles)), func(l gitlab.Label) eventLabel {
		return eventLabel{
			ID: l.ID, Title: l.Title, Color: l.Color, ProjectID: l.ProjectID, CreatedAt: rubyTime(l.CreatedAt),
			UpdatedAt: rubyTime(l.Touched()), Description: orNull(l.Description), Type: "ProjectLabel",
		}
	})
}

// eventChanges are the changed attributes, as an object with its keys in GitLab's order.
type eventChanges []eventChange

type eventChange struct {
	name   string
	values changedValues
}

type changedValues struct {
	Previous any `json:"previous"`
	Current  any `json:"current"`
}

// MarshalJSON writes the changes as one object.
func (c eventChanges) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, change := range c {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(change.name)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), encodeJSON(change.values)...)
	}
	return append(b, '}'), nil
}

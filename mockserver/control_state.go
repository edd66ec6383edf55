package mockserver

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// stateEntity is everything in the world. Secrets are shown as whether they are there.
type stateEntity struct {
	Version       string               `json:"version"`
	BaseURL       string               `json:"base_url"`
	Clock         clockEntity          `json:"clock"`
	Licence       licenceEntity        `json:"licence"`
	Settings      settingsEntity       `json:"settings"`
	Users         []userRow            `json:"users"`
	Tokens        []tokenRow           `json:"tokens"`
	Groups        []groupRow           `json:"groups"`
	Projects      []projectRow         `json:"projects"`
	Protected     []protectedBranchRow `json:"protected_branches"`
	Checks        []checkRow           `json:"external_status_checks"`
	MergeRequests []mergeRequestRow    `json:"merge_requests"`
	Responses     []responseRow        `json:"status_check_responses"`
	Notes         []noteRow            `json:"notes"`
	Jobs          []jobEntity          `json:"jobs"`
	Deliveries    []deliveryRow        `json:"deliveries"`
}

type settingsEntity struct {
	BlockLocalRequests bool          `json:"block_local_requests"`
	DenyOutbound       bool          `json:"deny_outbound"`
	Writing            writingEntity `json:"writing"`
}

type userRow struct {
	ID        gitlab.UserID `json:"id"`
	Username  string        `json:"username"`
	Name      string        `json:"name"`
	Email     string        `json:"email"`
	Admin     bool          `json:"admin"`
	External  bool          `json:"external"`
	Bot       bool          `json:"bot"`
	Blocked   bool          `json:"blocked"`
	CreatedAt time.Time     `json:"created_at"`
}

type tokenRow struct {
	ID         gitlab.TokenID   `json:"id"`
	Kind       gitlab.TokenKind `json:"kind"`
	UserID     gitlab.UserID    `json:"user_id"`
	ProjectID  gitlab.ProjectID `json:"project_id,omitempty"`
	Name       string           `json:"name"`
	Scopes     []string         `json:"scopes"`
	Active     bool             `json:"active"`
	Revoked    bool             `json:"revoked"`
	ExpiresOn  *time.Time       `json:"expires_on"`
	LastUsedAt *time.Time       `json:"last_used_at"`
}

type groupRow struct {
	ID         gitlab.NamespaceID `json:"id"`
	FullPath   string             `json:"full_path"`
	Name       string             `json:"name"`
	Visibility gitlab.Visibility  `json:"visibility"`
	Members    []memberRow        `json:"members"`
}

type memberRow struct {
	UserID      gitlab.UserID      `json:"user_id"`
	AccessLevel gitlab.AccessLevel `json:"access_level"`
	Abilities   []gitlab.Ability   `json:"abilities,omitempty"`
}

type projectRow struct {
	ID            gitlab.ProjectID  `json:"id"`
	FullPath      string            `json:"full_path"`
	Name          string            `json:"name"`
	Visibility    gitlab.Visibility `json:"visibility"`
	DefaultBranch string            `json:"default_branch"`
	Archived      bool              `json:"archived"`
	Licensed      bool              `json:"licensed"`
	CreatedAt     time.Time         `json:"created_at"`
	Members       []memberRow       `json:"members"`
	Branches      []branchRow       `json:"branches"`
	// RequirePassingStatusChecks is spelt as in GitLab's API.
	RequirePassingStatusChecks bool `json:"only_allow_merge_if_all_status_checks_passed"`
}

type branchRow struct {
	Name    string   `json:"name"`
	SHA     string   `json:"sha"`
	Commits []string `json:"commits"` // newest first
	Files   []string `json:"files"`
}

type protectedBranchRow struct {
	ID        gitlab.ProtectedBranchID `json:"id"`
	ProjectID gitlab.ProjectID         `json:"project_id,omitempty"`
	GroupID   gitlab.NamespaceID       `json:"group_id,omitempty"`
	Name      string                   `json:"name"`
}

type checkRow struct {
	ID                 gitlab.CheckID             `json:"id"`
	ProjectID          gitlab.ProjectID           `json:"project_id"`
	Name               string                     `json:"name"`
	ExternalURL        string                     `json:"external_url"`
	HMAC               bool                       `json:"hmac"`
	ProtectedBranchIDs []gitlab.ProtectedBranchID `json:"protected_branch_ids"`
	CreatedAt          time.Time                  `json:"created_at"`
	UpdatedAt          time.Time                  `json:"updated_at"`
}

type mergeRequestRow struct {
	ID                  gitlab.MergeRequestID    `json:"id"`
	IID                 gitlab.MergeRequestIID   `json:"iid"`
	ProjectID           gitlab.ProjectID         `json:"project_id"`
	SourceProjectID     gitlab.ProjectID         `json:"source_project_id"`
	Title               string                   `json:"title"`
	State               gitlab.MergeRequestState `json:"state"`
	SourceBranch        string                   `json:"source_branch"`
	TargetBranch        string                   `json:"target_branch"`
	SHA                 string                   `json:"sha"`
	DetailedMergeStatus string                   `json:"detailed_merge_status"`
	AuthorID            gitlab.UserID            `json:"author_id"`
	AssigneeIDs         []gitlab.UserID          `json:"assignee_ids"`
	ApprovedBy          []gitlab.UserID          `json:"approved_by"`
	CreatedAt           time.Time                `json:"created_at"`
	UpdatedAt           time.Time                `json:"updated_at"`
}

type responseRow struct {
	ID             gitlab.ResponseID     `json:"id"`
	MergeRequestID gitlab.MergeRequestID `json:"merge_request_id"`
	CheckID        gitlab.CheckID        `json:"check_id"`
	SHA            string                `json:"sha"`
	Status         gitlab.Status         `json:"status"`
	CreatedAt      time.Time             `json:"created_at"`
	RetriedAt      *time.Time            `json:"retried_at"`
}

type noteRow struct {
	ID             gitlab.NoteID         `json:"id"`
	MergeRequestID gitlab.MergeRequestID `json:"merge_request_id"`
	DiscussionID   string                `json:"discussion_id"`
	AuthorID       gitlab.UserID         `json:"author_id"`
	Body           string                `json:"body"`
	Resolved       bool                  `json:"resolved"`
}

type deliveryRow struct {
	ID       gitlab.DeliveryID    `json:"id"`
	CheckID  gitlab.CheckID       `json:"check_id"`
	Action   string               `json:"action"`
	State    gitlab.DeliveryState `json:"state"`
	Due      time.Time            `json:"due"`
	Attempts int                  `json:"attempts"`
}

func (k *controlCall) getState() (reply, error) {
	s := stateEntity{
		Version: k.world.state.Version().String(), BaseURL: k.world.state.BaseURL(),
		Clock: k.presentClock(),
	}
	k.view(func(tx *gitlab.Tx) {
		settings := tx.Settings()
		s.Licence, s.Settings = presentLicence(tx), settingsEntity{
			settings.BlockLocalRequests, settings.DenyOutbound,
			presentWriting(tx),
		}
		s.addPeople(tx)
		s.addPlaces(tx)
		for _, p := range tx.Projects() {
			s.addWork(tx, p)
		}
		slices.SortFunc(s.Checks, func(a, b checkRow) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortFunc(s.MergeRequests, func(a, b mergeRequestRow) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortFunc(s.Responses, func(a, b responseRow) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortFunc(s.Notes, func(a, b noteRow) int { return cmp.Compare(a.ID, b.ID) })
		s.Jobs = presentAll(tx.Jobs(), presentJob)
		s.Deliveries = presentAll(tx.Deliveries(), func(d gitlab.Delivery) deliveryRow {
			return deliveryRow{d.ID, d.CheckID, d.Action, d.State, d.Due, len(d.Attempts)}
		})
	})
	return ok(s.withoutNulls())
}

// withoutNulls makes empty lists of those that are not there.
func (s stateEntity) withoutNulls() stateEntity {
	s.Tokens, s.Groups, s.Projects, s.Protected = notNull(s.Tokens), notNull(s.Groups), notNull(s.Projects),
		notNull(s.Protected)
	s.Checks, s.MergeRequests, s.Responses, s.Notes = notNull(s.Checks), notNull(s.MergeRequests), notNull(s.Responses),
		notNull(s.Notes)
	s.Users = notNull(s.Users)
	return s
}

// notNull is a list that is written as [] if it is empty.
func notNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (s *stateEntity) addPeople(tx *gitlab.Tx) {
	for _, u := range tx.Users() {
		s.Users = append(s.Users, userRow{
			u.ID, u.Username, u.Name, u.Email, u.Admin, u.External, u.Bot, u.Blocked,
			u.CreatedAt,
		})
		for _, t := range tx.UserTokens(u.ID) {
			s.Tokens = append(s.Tokens, presentTokenRow(tx, t))
		}
	}
	for _, p := range tx.Projects() {
		for _, t := range tx.ProjectTokens(p.ID) {
			s.Tokens = append(s.Tokens, presentTokenRow(tx, t))
		}
	}
	slices.SortFunc(s.Tokens, func(a, b tokenRow) int { return cmp.Compare(a.ID, b.ID) })
}

func presentTokenRow(tx *gitlab.Tx, t gitlab.Token) tokenRow {
	return tokenRow{
		ID: t.ID, Kind: t.Kind, UserID: t.UserID, ProjectID: t.ProjectID, Name: t.Name, Scopes: t.Scopes,
		Active:  t.Active(tx.Now),
		Revoked: t.Revoked, ExpiresOn: orNull(t.ExpiresOn), LastUsedAt: orNull(t.LastUsedAt),
	}
}

func presentMembers(members []gitlab.Member) []memberRow {
	return presentAll(members, func(m gitlab.Member) memberRow {
		return memberRow{
			m.UserID, m.AccessLevel,
			m.Abilities,
		}
	})
}

func (s *stateEntity) addPlaces(tx *gitlab.Tx) {
	for _, n := range tx.Namespaces() {
		if n.Kind == gitlab.GroupNamespace {
			s.Groups = append(s.Groups, groupRow{
				n.ID, n.FullPath, n.Name, n.Visibility,
				presentMembers(tx.GroupMembers(n.ID)),
			})
		}
		s.addProtected(tx, gitlab.Project{NamespaceID: n.ID},
			func(b gitlab.ProtectedBranch) bool { return b.NamespaceID == n.ID })
	}
	for _, p := range tx.Projects() {
		s.Projects = append(s.Projects, projectRow{
			ID: p.ID, FullPath: p.FullPath, Name: p.Name, Visibility: p.Visibility, DefaultBranch: p.DefaultBranch,
			Archived: p.Archived,
			Licensed: tx.Licensed(p), CreatedAt: p.CreatedAt, Members: presentMembers(tx.ProjectMembers(p.ID)),
			Branches: presentAll(tx.Branches(p.ID),
				func(b gitlab.Branch) branchRow { return presentBranchRow(tx, b) }),
			RequirePassingStatusChecks: p.RequirePassingStatusChecks,
		})
		s.addProtected(tx, p, func(b gitlab.ProtectedBranch) bool { return b.ProjectID == p.ID })
	}
	slices.SortFunc(s.Protected, func(a, b protectedBranchRow) int { return cmp.Compare(a.ID, b.ID) })
}

func (s *stateEntity) addProtected(tx *gitlab.Tx, in gitlab.Project, own func(gitlab.ProtectedBranch) bool) {
	for _, b := range tx.ProtectedBranches(in) {
		if own(b) {
			s.Protected = append(s.Protected, protectedBranchRow{b.ID, b.ProjectID, b.NamespaceID, b.Name})
		}
	}
}

func presentBranchRow(tx *gitlab.Tx, b gitlab.Branch) branchRow {
	tip, _ := tx.Commit(b.ProjectID, b.SHA)
	return branchRow{
		Name: b.Name, SHA: b.SHA, Files: sortedKeys(tip.Tree),
		Commits: presentAll(tx.History(b.ProjectID, b.SHA), func(c gitlab.Commit) string { return c.SHA }),
	}
}

// addWork adds the checks and the merge requests of a project.
func (s *stateEntity) addWork(tx *gitlab.Tx, p gitlab.Project) {
	checks := tx.ExternalStatusChecks(p.ID)
	for _, c := range checks {
		s.Checks = append(s.Checks, checkRow{
			c.ID, c.ProjectID, c.Name, c.ExternalURL, c.HMAC(),
			notNull(c.ProtectedBranchIDs), c.CreatedAt, c.UpdatedAt,
		})
	}
	for _, mr := range tx.MergeRequests(p.ID) {
		s.MergeRequests = append(s.MergeRequests, mergeRequestRow{
			ID: mr.ID, IID: mr.IID, ProjectID: mr.ProjectID, SourceProjectID: mr.SourceProjectID, Title: mr.Title,
			State:        mr.State,
			SourceBranch: mr.SourceBranch, TargetBranch: mr.TargetBranch, SHA: mr.HeadSHA,
			DetailedMergeStatus: tx.DetailedMergeStatus(mr),
			AuthorID:            mr.AuthorID, AssigneeIDs: notNull(mr.AssigneeIDs), CreatedAt: mr.CreatedAt,
			UpdatedAt:  mr.UpdatedAt,
			ApprovedBy: presentAll(mr.Approvals, func(a gitlab.Approval) gitlab.UserID { return a.UserID }),
		})
		for _, c := range checks {
			for _, r := range tx.Responses(mr.ID, c.ID) {
				s.Responses = append(s.Responses, responseRow{
					r.ID, r.MergeRequestID, r.CheckID, r.SHA, r.Status,
					r.CreatedAt, orNull(r.RetriedAt),
				})
			}
		}
		for _, n := range tx.Notes(mr.ID) {
			s.Notes = append(s.Notes, noteRow{n.ID, n.MergeRequestID, n.DiscussionID, n.AuthorID, n.Body, n.Resolved})
		}
	}
}

type seededEntity struct {
	Users         int `json:"users"`
	Groups        int `json:"groups"`
	Projects      int `json:"projects"`
	MergeRequests int `json:"merge_requests"`
	Checks        int `json:"external_status_checks"`
}

// seed replaces the world.
func (k *controlCall) seed() (reply, error) {
	s, err := seed.Parse("seed", k.body)
	if err == nil {
		err = k.server.reseed(s)
	}
	if err != nil {
		p := refused(http.StatusBadRequest, "the seed does not hold together; nothing was changed")
		var broken *seed.Error
		if !errors.As(err, &broken) {
			p.Problems = []string{err.Error()}
			return reply{}, p
		}
		p.Problems = broken.Problems
		return reply{}, p
	}
	e := seededEntity{Users: len(s.Users), Groups: len(s.Groups), Projects: len(s.Projects)}
	for _, sp := range s.Projects {
		e.MergeRequests += len(sp.MergeRequests)
		e.Checks += len(sp.ExternalStatusChecks)
	}
	return ok(e)
}

func (k *controlCall) reset() (reply, error) {
	if err := k.server.Reset(); err != nil {
		return reply{}, err
	}
	return noContent()
}

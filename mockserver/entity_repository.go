package mockserver

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"path"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// commitTime is an instant as git writes it in commits: with an offset from UTC.
type commitTime time.Time

// MarshalJSON writes the instant with milliseconds.
func (t commitTime) MarshalJSON() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, `"2006-01-02T15:04:05.000-07:00"`), nil
}

// commitEntity is a commit.
//
// Source: lib/api/entities/commit.rb, commit_with_stats.rb.
type commitEntity struct {
	ID               string            `json:"id"`
	ShortID          string            `json:"short_id"`
	CreatedAt        commitTime        `json:"created_at"`
	ParentIDs        []string          `json:"parent_ids"`
	Title            string            `json:"title"`
	Message          string            `json:"message"`
	AuthorName       string            `json:"author_name"`
	AuthorEmail      string            `json:"author_email"`
	AuthoredDate     commitTime        `json:"authored_date"`
	CommitterName    string            `json:"committer_name"`
	CommitterEmail   string            `json:"committer_email"`
	CommittedDate    commitTime        `json:"committed_date"`
	Trailers         map[string]string `json:"trailers"`
	ExtendedTrailers map[string]string `json:"extended_trailers"`
	WebURL           string            `json:"web_url"`
	Stats            *commitStats      `json:"stats,omitempty"`
}

type commitStats struct {
	Additions int `json:"additions"`
	Deletions int `json:"deletions"`
	Total     int `json:"total"`
}

// commitDetails is a commit that is shown alone. It never has a pipeline here.
//
// Source: lib/api/entities/commit_detail.rb.
type commitDetails struct {
	commitEntity
	Status       *string          `json:"status"`
	ProjectID    gitlab.ProjectID `json:"project_id"`
	LastPipeline *struct{}        `json:"last_pipeline"`
}

func presentCommit(tx *gitlab.Tx, p gitlab.Project, c gitlab.Commit) commitEntity {
	at := commitTime(c.CreatedAt)
	return commitEntity{
		ID: c.SHA, ShortID: c.ShortSHA(), CreatedAt: at, ParentIDs: append([]string{}, c.ParentSHAs...),
		Title: c.Title(), Message: c.Message,
		AuthorName: c.AuthorName, AuthorEmail: c.AuthorEmail, AuthoredDate: at, CommitterName: c.AuthorName,
		CommitterEmail: c.AuthorEmail,
		CommittedDate:  at, Trailers: map[string]string{}, ExtendedTrailers: map[string]string{},
		WebURL: fmt.Sprintf("%s/%s/-/commit/%s", tx.BaseURL(), p.FullPath, c.SHA),
	}
}

func presentCommitDetails(tx *gitlab.Tx, p gitlab.Project, c gitlab.Commit, stats bool) commitDetails {
	e := commitDetails{commitEntity: presentCommit(tx, p, c), ProjectID: p.ID}
	if stats {
		e.Stats = presentStats(tx, c)
	}
	return e
}

func presentStats(tx *gitlab.Tx, c gitlab.Commit) *commitStats {
	s := tx.Stats(c)
	return &commitStats{s.Additions, s.Deletions, s.Additions + s.Deletions}
}

// branchEntity is a branch.
//
// Source: lib/api/entities/branch.rb.
type branchEntity struct {
	Name               string        `json:"name"`
	Commit             *commitEntity `json:"commit"`
	Merged             bool          `json:"merged"`
	Protected          bool          `json:"protected"`
	DevelopersCanPush  bool          `json:"developers_can_push"`
	DevelopersCanMerge bool          `json:"developers_can_merge"`
	CanPush            bool          `json:"can_push"`
	Default            bool          `json:"default"`
	WebURL             string        `json:"web_url"`
}

func presentBranch(tx *gitlab.Tx, viewer gitlab.Actor, p gitlab.Project, b gitlab.Branch) branchEntity {
	e := branchEntity{
		Name: b.Name, Merged: tx.Merged(p, b), Default: b.Name == p.DefaultBranch,
		CanPush: tx.CanPushTo(viewer, p, b.Name, false), WebURL: fmt.Sprintf("%s/%s/-/tree/%s", tx.BaseURL(),
			p.FullPath, b.Name),
	}
	if c, ok := tx.Commit(p.ID, b.SHA); ok {
		shown := presentCommit(tx, p, c)
		e.Commit = &shown
	}
	for _, rule := range tx.ProtectionOf(p, b.Name) {
		e.Protected = true
		e.DevelopersCanPush = e.DevelopersCanPush || letsDevelopers(rule.PushAccessLevels)
		e.DevelopersCanMerge = e.DevelopersCanMerge || letsDevelopers(rule.MergeAccessLevels)
	}
	return e
}

func letsDevelopers(allowed []gitlab.BranchAccess) bool {
	for _, l := range allowed {
		if l.UserID == 0 && l.GroupID == 0 && l.AccessLevel == gitlab.Developer {
			return true
		}
	}
	return false
}

// fileEntity is a file with its content.
//
// Source: lib/api/files.rb (commit_response, blob_data).
type fileEntity struct {
	FileName        string `json:"file_name"`
	FilePath        string `json:"file_path"`
	Size            int    `json:"size"`
	Encoding        string `json:"encoding"`
	ContentSHA256   string `json:"content_sha256"`
	Ref             string `json:"ref"`
	BlobID          string `json:"blob_id"`
	CommitID        string `json:"commit_id"`
	LastCommitID    string `json:"last_commit_id"`
	ExecuteFilemode bool   `json:"execute_filemode"`
	Content         string `json:"content"`
}

func presentFile(tx *gitlab.Tx, c gitlab.Commit, ref, name string) fileEntity {
	content := c.Tree[name]
	last, _ := tx.LastCommitFor(c.ProjectID, c.SHA, name)
	return fileEntity{
		FileName: path.Base(name), FilePath: name, Size: len(content), Encoding: "base64",
		ContentSHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(content))), Ref: ref,
		BlobID:   gitlab.BlobID(content),
		CommitID: c.SHA, LastCommitID: last.SHA, Content: base64.StdEncoding.EncodeToString([]byte(content)),
	}
}

// savedFile is the response after writing a file: its path and branch.
type savedFile struct {
	FilePath string `json:"file_path"`
	Branch   string `json:"branch"`
}

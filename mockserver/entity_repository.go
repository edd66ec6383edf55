package mockserver

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"strconv"
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

// commitDetails is a commit that is shown alone, with its last pipeline.
//
// Source: lib/api/entities/commit_detail.rb, app/presenters/commit_presenter.rb.
type commitDetails struct {
	commitEntity
	Status       *gitlab.CIStatus `json:"status"`
	ProjectID    gitlab.ProjectID `json:"project_id"`
	LastPipeline *pipelineBasic   `json:"last_pipeline"`
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

// presentCommitDetails shows a commit as the request asks for it.
func (c *call) presentCommitDetails(tx *gitlab.Tx, commit gitlab.Commit) commitDetails {
	e := commitDetails{commitEntity: presentCommit(tx, c.project, commit), ProjectID: c.project.ID}
	if c.params.flag("stats") {
		e.Stats = presentStats(tx, commit)
	}
	lines := tx.PipelinesOf(c.project.ID, commit.SHA)
	if len(lines) == 0 || !tx.Can(c.actor, gitlab.ReadPipeline, c.project) {
		return e
	}
	last := presentPipelineBasic(tx, lines[len(lines)-1])
	e.LastPipeline = &last
	if tx.Can(c.actor, gitlab.ReadCommitStatus, c.project) {
		e.Status = &last.Status
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
	ExecuteFilemode *bool  `json:"execute_filemode,omitempty"`
	Content         string `json:"content"`
}

func presentFile(tx *gitlab.Tx, c gitlab.Commit, ref, name string) fileEntity {
	content := c.Tree[name]
	last, _ := tx.LastCommitFor(c.ProjectID, c.SHA, name)
	return fileEntity{
		FileName: path.Base(name), FilePath: name, Size: len(content), Encoding: "base64",
		ContentSHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(content))), Ref: ref,
		BlobID:   gitlab.BlobID(content),
		CommitID: c.SHA, LastCommitID: last.SHA,
		ExecuteFilemode: dated(tx, gitlab.SaysWhatIsExecutable, false),
		Content:         base64.StdEncoding.EncodeToString([]byte(content)),
	}
}

// headers are what GitLab says of a file in headers.
//
// Source: lib/api/helpers/headers_helpers.rb.
func (f fileEntity) headers() http.Header {
	h := http.Header{
		"X-Gitlab-File-Name": {f.FileName}, "X-Gitlab-File-Path": {f.FilePath},
		"X-Gitlab-Size": {strconv.Itoa(f.Size)}, "X-Gitlab-Encoding": {f.Encoding},
		"X-Gitlab-Content-Sha256": {f.ContentSHA256}, "X-Gitlab-Ref": {f.Ref}, "X-Gitlab-Blob-Id": {f.BlobID},
		"X-Gitlab-Commit-Id": {f.CommitID}, "X-Gitlab-Last-Commit-Id": {f.LastCommitID},
	}
	if executable := f.ExecuteFilemode; executable != nil {
		h.Set("X-Gitlab-Execute-Filemode", strconv.FormatBool(*executable))
	}
	return h
}

// blobEntity is the content of a file.
//
// Source: lib/api/repositories.rb.
type blobEntity struct {
	Size     int    `json:"size"`
	Encoding string `json:"encoding"`
	Content  string `json:"content"`
	SHA      string `json:"sha"`
}

// treeEntry is a file or a folder in a list.
//
// Source: lib/api/entities/tree_object.rb.
type treeEntry struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Path string `json:"path"`
	Mode string `json:"mode"`
}

func presentTreeEntry(e gitlab.TreeEntry) treeEntry {
	shown := treeEntry{ID: e.ID, Name: e.Name, Type: "blob", Path: e.Path, Mode: fileMode}
	if e.Folder {
		shown.Type, shown.Mode = "tree", "040000"
	}
	return shown
}

// comparisonEntity is what differs between two commits.
//
// Source: lib/api/entities/compare.rb.
type comparisonEntity struct {
	Commit         *commitEntity  `json:"commit"`
	Commits        []commitEntity `json:"commits"`
	Diffs          []diffEntity   `json:"diffs"`
	CompareTimeout bool           `json:"compare_timeout"`
	CompareSameRef bool           `json:"compare_same_ref"`
	WebURL         string         `json:"web_url"`
}

func (c *call) presentComparison(tx *gitlab.Tx, p gitlab.Project, found gitlab.Comparison) comparisonEntity {
	e := comparisonEntity{
		Commits: presentAll(found.Commits, func(commit gitlab.Commit) commitEntity {
			return presentCommit(tx, p, commit)
		}),
		Diffs:          presentAll(found.Diff.Files, c.fileDiff(tx, nil)),
		CompareTimeout: found.Diff.Overflow, CompareSameRef: found.Base.SHA == found.Head.SHA,
	}
	if n := len(e.Commits); n > 0 {
		e.Commit = &e.Commits[n-1]
	}
	dots := "..."
	if c.params.flag("straight") && tx.Has(gitlab.LinksStraightComparisons) {
		dots = ".."
	}
	e.WebURL = fmt.Sprintf("%s/%s/-/compare/%s%s%s", tx.BaseURL(), p.FullPath,
		cmp.Or(found.Start.SHA, found.Base.SHA), dots, found.Head.SHA)
	return e
}

// savedFile is the response after writing a file: its path and branch.
type savedFile struct {
	FilePath string `json:"file_path"`
	Branch   string `json:"branch"`
}

package mockserver

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// external is the source of each pipeline here.
const external = "external"

// pipelineBasic is a pipeline as lists show it.
//
// Source: lib/api/entities/ci/pipeline_basic.rb.
type pipelineBasic struct {
	ID        gitlab.PipelineID   `json:"id"`
	IID       *gitlab.PipelineIID `json:"iid,omitempty"`
	ProjectID gitlab.ProjectID    `json:"project_id"`
	SHA       string              `json:"sha"`
	Ref       string              `json:"ref"`
	Status    gitlab.CIStatus     `json:"status"`
	Source    string              `json:"source"`
	CreatedAt *timestamp          `json:"created_at"`
	UpdatedAt *timestamp          `json:"updated_at"`
	WebURL    string              `json:"web_url"`
}

func presentPipelineBasic(tx *gitlab.Tx, p gitlab.Pipeline) pipelineBasic {
	return pipelineBasic{
		ID: p.ID, IID: dated(tx, gitlab.NumbersPipelines, p.IID), ProjectID: p.ProjectID, SHA: p.SHA, Ref: p.Ref,
		Status: p.Status, Source: external, CreatedAt: newTimestamp(p.CreatedAt), UpdatedAt: newTimestamp(p.UpdatedAt),
		WebURL: pipelineURL(tx, p),
	}
}

func pipelineURL(tx *gitlab.Tx, p gitlab.Pipeline) string {
	project, _ := tx.Project(p.ProjectID)
	return fmt.Sprintf("%s/%s/-/pipelines/%d", tx.BaseURL(), project.FullPath, p.ID)
}

// pipelineEntity is a pipeline that is shown alone.
//
// Source: lib/api/entities/ci/pipeline.rb.
type pipelineEntity struct {
	pipelineBasic
	BeforeSHA      string         `json:"before_sha"`
	Tag            bool           `json:"tag"`
	YAMLErrors     *string        `json:"yaml_errors"`
	User           *userBasic     `json:"user"`
	StartedAt      *timestamp     `json:"started_at"`
	FinishedAt     *timestamp     `json:"finished_at"`
	CommittedAt    *timestamp     `json:"committed_at"`
	Duration       *int           `json:"duration"`
	QueuedDuration *int           `json:"queued_duration"`
	Coverage       *string        `json:"coverage"`
	DetailedStatus detailedStatus `json:"detailed_status"`
	Archived       *bool          `json:"archived,omitempty"`
}

// listedPipeline is a pipeline in the list of those of a project, and shownPipeline one that was asked for. Their name
// is null, as only the configuration of GitLab's own CI names pipelines.
//
// Source: lib/api/entities/ci/pipeline_basic_with_metadata.rb, pipeline_with_metadata.rb.
type (
	listedPipeline struct {
		pipelineBasic
		Name **string `json:"name,omitempty"`
	}
	shownPipeline struct {
		pipelineEntity
		Name **string `json:"name,omitempty"`
	}
)

func pipelineName(tx *gitlab.Tx) **string { return dated(tx, gitlab.NamesPipelines, (*string)(nil)) }

func presentPipeline(tx *gitlab.Tx, p gitlab.Pipeline) pipelineEntity {
	e := pipelineEntity{
		pipelineBasic: presentPipelineBasic(tx, p), BeforeSHA: strings.Repeat("0", len(p.SHA)),
		User: presentUser(tx, p.UserID), StartedAt: newTimestamp(p.StartedAt), FinishedAt: newTimestamp(p.FinishedAt),
		DetailedStatus: presentDetailedStatus(tx, p), Archived: dated(tx, gitlab.ShowsArchivedPipelines, false),
	}
	if p.Timed {
		e.Duration = new(int)
	}
	began := p.StartedAt
	if began.IsZero() {
		began = p.FinishedAt
	}
	if seconds := int(began.Sub(p.CreatedAt).Seconds()); !began.IsZero() && seconds != 0 {
		e.QueuedDuration = &seconds
	}
	if coverage, covered := tx.CoverageOf(p); covered {
		text := fmt.Sprintf("%.2f", coverage)
		e.Coverage = &text
	}
	return e
}

// detailedStatus is a status as the pages show it.
//
// Source: app/serializers/detailed_status_entity.rb, lib/gitlab/ci/status/.
type detailedStatus struct {
	Icon         string    `json:"icon"`
	Text         string    `json:"text"`
	Label        string    `json:"label"`
	Group        string    `json:"group"`
	Tooltip      string    `json:"tooltip"`
	HasDetails   bool      `json:"has_details"`
	DetailsPath  string    `json:"details_path"`
	Illustration *struct{} `json:"illustration"`
	Favicon      string    `json:"favicon"`
}

// favicons are the digests of the images in app/assets/images/ci_favicons, which are part of their names.
var favicons = map[gitlab.CIStatus]string{
	gitlab.CICreated:  "4b975aa976d24e5a3ea7cd9a5713e6ce2cd9afd08b910415e96675de35f64955",
	gitlab.CIPending:  "5bdf338420e5221ca24353b6bff1c9367189588750632e9a871b7af09ff6a2ae",
	gitlab.CIRunning:  "9c635b2419a8e1ec991c993061b89cc5aefc0743bb238ecd0c381e7741a70e8c",
	gitlab.CISuccess:  "8451333011eee8ce9f2ab25dc487fe24a8758c694827a582f17f42b0a90446a2",
	gitlab.CIFailed:   "41304d7f7e3828808b0c26771f0309e55296819a9beea3ea9fbf6689d9857c12",
	gitlab.CICanceled: "ca35321a6cda9943ebdf6631c8057ffd54064f3ba20cfe0ebc4b0b992041c430",
	gitlab.CISkipped:  "0b9c5e543588945e8c4ca57786bbf2d0c56631959c9f853300392d0315be829b",
}

func presentDetailedStatus(tx *gitlab.Tx, p gitlab.Pipeline) detailedStatus {
	label := string(p.Status)
	if p.Status == gitlab.CISuccess {
		label = "passed"
	}
	text := label
	if tx.Has(gitlab.CapitalizesCIStatus) {
		text = strings.ToUpper(label[:1]) + label[1:]
	}
	path, _ := url.Parse(pipelineURL(tx, p))
	root, _ := url.Parse(tx.BaseURL())
	return detailedStatus{
		Icon: "status_" + string(p.Status), Text: text, Label: label, Group: string(p.Status), Tooltip: label,
		HasDetails: true, DetailsPath: path.Path,
		Favicon: fmt.Sprintf("%s/assets/ci_favicons/favicon_status_%s-%s.png", root.Path, p.Status, favicons[p.Status]),
	}
}

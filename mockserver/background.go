package mockserver

import (
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// Jobs lists the background jobs that GitLab has not run yet.
func (s *Server) Jobs() (list []control.Job) {
	s.look(func(tx *gitlab.Tx) { list = presentAll(tx.Jobs(), presentJob) })
	return list
}

// RunJobs runs the background jobs that are due, as each request does before it is handled. It returns how many ran.
func (s *Server) RunJobs() (ran int) { return s.world.state.RunDue(s.world.clock.now()) }

func presentJob(j gitlab.Job) control.Job {
	return control.Job{
		ID: int64(j.ID), Kind: string(j.Kind), Due: j.Due, CreatedAt: j.CreatedAt, UserID: int64(j.UserID),
		ProjectID: int64(j.ProjectID), MergeRequestID: int64(j.MergeRequestID), CheckID: int64(j.CheckID),
		ResponseID: int64(j.ResponseID), SHA: j.SHA, Branch: j.Branch, OldSHA: j.OldSHA, NewSHA: j.NewSHA,
		Action: j.Action,
	}
}

// AuditEvents returns GitLab's audit log, oldest first, including events that GitLab only streams.
func (s *Server) AuditEvents() (list []control.AuditEvent) {
	s.look(func(tx *gitlab.Tx) { list = presentAll(tx.AuditEvents(), presentLoggedEvent) })
	return list
}

func presentLoggedEvent(e gitlab.AuditEvent) control.AuditEvent {
	return control.AuditEvent{
		ID: int64(e.ID), Name: e.Name, ProjectID: int64(e.ProjectID), AuthorID: int64(e.AuthorID),
		AuthorName: e.AuthorName, TargetID: int64(e.TargetID), TargetName: e.TargetName, Message: e.Message,
		Change: e.Change, From: e.From, To: e.To, Details: e.Details(), Stored: e.Stored, CreatedAt: e.CreatedAt,
	}
}

// Surprises lists the requests that match no operation of the contract, oldest first. Most often a client has made a
// mistake in a path. The newest thousand are kept.
func (s *Server) Surprises() []control.Surprise {
	return presentAll(s.world.surprises.all(), func(one surprise) control.Surprise {
		return control.Surprise{Method: one.method, Path: one.path, At: one.at, Nearest: notNull(s.nearestTo(one))}
	})
}

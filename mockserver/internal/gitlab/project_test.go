package gitlab

import (
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

func TestProject_markedForDeletion(t *testing.T) {
	t.Parallel()
	mark := func(s *scene) {
		s.do(func(tx *Tx) {
			p, err := tx.MarkForDeletion(Actor{}, s.projectIn(tx))
			assert.NilError(t, err)
			assert.Equal(t, p.FullPath, "flight/control-deletion_scheduled-1")
			assert.Equal(t, p.Name, "Control-deletion_scheduled-1")
			assert.Equal(t, p.DeletionOn, s.now)
			assert.Assert(t, p.Archived && tx.Can(s.actor(tx, "guest"), ReadProject, p))
		})
	}
	gone := func(s *scene) (gone bool) {
		s.see(func(tx *Tx) { _, ok := tx.Project(s.project); gone = !ok })
		return gone
	}
	s := newScene(t, Options{})
	mark(s)
	assert.Equal(t, outcome(t, s.respond("developer", Passed)), "forbidden")
	s.pass((deletionDays*24)*time.Hour - time.Microsecond)
	assert.Assert(t, !gone(s))
	s.pass(time.Microsecond)
	assert.Assert(t, gone(s))

	s = newScene(t, Options{})
	mark(s)
	s.pass(time.Hour)
	s.do(func(tx *Tx) {
		p, err := tx.RestoreProject(s.projectIn(tx))
		assert.NilError(t, err)
		assert.Equal(t, p.FullPath, "flight/control")
		assert.Equal(t, p.Name, "Control")
		assert.Assert(t, !p.Archived && p.DeletionOn.IsZero())
	})
	assert.NilError(t, s.respond("developer", Passed))
	s.pass(time.Hour)
	mark(s)
	s.pass((deletionDays*24 - 1) * time.Hour) // the first mark would have removed it by now
	assert.Assert(t, !gone(s))
	s.pass(time.Hour)
	assert.Assert(t, gone(s))
}

func TestProject_isFoundByItsPaths(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	find := func(path string) (id ProjectID, moved bool) {
		s.see(func(tx *Tx) {
			p, m, _ := tx.ProjectByPath(path)
			id, moved = p.ID, m
		})
		return id, moved
	}
	rename := func(path string) {
		s.change(func(p *Project) { p.Path = path })
	}
	is := func(path string, wantID ProjectID, wantMoved bool) {
		t.Helper()
		id, moved := find(path)
		assert.Equal(t, id, wantID, path)
		assert.Equal(t, moved, wantMoved, path)
	}
	is("flight/control", 1, false)
	is("Flight/CONTROL", 1, false)
	is("flight", 0, false)
	is("flight/contro", 0, false)
	rename("tower")
	is("flight/control", 1, true)
	is("flight/tower", 1, false)
	rename("control")
	is("flight/control", 1, false)
	is("flight/tower", 1, true)
}

package gitlab

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"
)

// NamespaceKind distinguishes a user's own namespace from a group.
type NamespaceKind string

// The kinds of namespace.
const (
	UserNamespace  NamespaceKind = "user"
	GroupNamespace NamespaceKind = "group"
)

// Namespace is a group, or the namespace of a user's own projects.
type Namespace struct {
	ID          NamespaceID
	Kind        NamespaceKind
	Name        string
	Path        string
	FullPath    string
	ParentID    NamespaceID // 0 at the top
	OwnerID     UserID      // of a user's namespace
	Description string
	Visibility  Visibility
	CreatedAt   time.Time
	// DeletionOn is the day a group was marked for deletion; zero if it is not marked.
	DeletionOn time.Time
	// SHARequirement says whether merges in the group must name the commit.
	SHARequirement SHARequirement
}

var namespaceTable = newTable([]index[Namespace]{
	{"id", func(n Namespace) string { return key(n.ID) }},
	{"path", func(n Namespace) string { return key(strings.ToLower(n.FullPath)) }},
	{"parent", func(n Namespace) string { return key(n.ParentID) }},
})

// Namespace looks up a namespace.
func (tx *Tx) Namespace(id NamespaceID) (Namespace, bool) {
	return first(tx, namespaceTable, "id", key(id))
}

// NamespaceByPath looks up a namespace by its full path, without regard to case.
func (tx *Tx) NamespaceByPath(path string) (Namespace, bool) {
	return first(tx, namespaceTable, "path", key(strings.ToLower(path)))
}

// Namespaces lists all namespaces by id.
func (tx *Tx) Namespaces() []Namespace { return all(tx, namespaceTable, "id", "") }

// insertNamespace stores a namespace. Its parent must exist and its path must be free.
func (tx *Tx) insertNamespace(n Namespace) Namespace {
	n.ID = NamespaceID(tx.given(namespaceSequence, int64(n.ID)))
	n.FullPath = n.Path
	if parent, ok := tx.Namespace(n.ParentID); ok {
		n.FullPath = parent.FullPath + "/" + n.Path
	}
	n.Visibility = cmp.Or(n.Visibility, Private)
	if n.CreatedAt.IsZero() {
		n.CreatedAt = tx.Now
	}
	insert(tx, namespaceTable, n)
	return n
}

// CreateGroup stores a group. It refuses with BadValue if the path is taken.
func (tx *Tx) CreateGroup(n Namespace) (Namespace, error) {
	n.Kind = GroupNamespace
	full := n.Path
	if parent, ok := tx.Namespace(n.ParentID); ok {
		full = parent.FullPath + "/" + n.Path
	}
	if _, taken := tx.NamespaceByPath(full); taken {
		return Namespace{}, refuseText(BadValue, "Failed to save group {:path=>[\"has already been taken\"]}",
			"the path %q is taken", full)
	}
	return tx.insertNamespace(n), nil
}

// DeleteGroup removes a group with its subgroups and projects, on behalf of a user.
func (tx *Tx) DeleteGroup(u User, n Namespace) {
	for _, sub := range all(tx, namespaceTable, "parent", key(n.ID)) {
		tx.DeleteGroup(u, sub)
	}
	for _, p := range all(tx, projectTable, "namespace", key(n.ID)) {
		tx.DeleteProject(u, p)
	}
	removeAll(tx, memberTable, "namespace", key(n.ID))
	removeAll(tx, protectedBranchTable, "namespace", key(n.ID))
	remove(tx, namespaceTable, n)
}

// ancestors lists a namespace and those above it, the innermost first.
func (tx *Tx) ancestors(id NamespaceID) []Namespace { return slices.Collect(tx.upwards(id)) }

// upwards iterates over a namespace and those above it, the innermost first.
func (tx *Tx) upwards(id NamespaceID) iter.Seq[Namespace] {
	return func(yield func(Namespace) bool) {
		for id != 0 {
			n, ok := tx.Namespace(id)
			if !ok || !yield(n) {
				return
			}
			id = n.ParentID
		}
	}
}

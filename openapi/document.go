// Package openapi contains the contract as OpenAPI 3.0.3: GitLab's External Status Checks API and the operations
// around it (gitlab.yaml), and the control surface of the mock (control.yaml).
//
// A [Document] describes all releases. [Document.At] reduces it to one GitLab release. [Document.Operation] finds an
// operation by its operationId. Only the contract knows methods, paths, parameters, types, enums and the shapes of
// responses:
//
//	listing := openapi.GitLab().At(release.Reference).Operation("listExternalStatusChecks")
//	fmt.Println(listing.Method, listing.Path) // GET /projects/{id}/external_status_checks
//
// [Operation.CheckParameters], [Operation.CheckRequest] and [Operation.CheckResponse] check requests and responses.
// They return [Violation] values. The codes of violations never change. A violation never contains the wrong value,
// because the value may be a secret.
//
// # Extensions
//
// The documents use these extensions. Any other extension is an error:
//
//	x-since, x-until            first and last GitLab minor release that has it, quoted: "16.5"
//	x-enum-since, x-enum-until  the same for single values of an enum
//	x-ability                   the ability that GitLab requires
//	x-source                    where the fact can be read
//	x-notes                     sentences that are added to the descriptions of some releases
//
// # Cost
//
// Operations are listed from an index that is made at build time. The schemas of an operation are built when it is
// first used, and shared. All values are safe for concurrent use.
package openapi

import (
	"crypto/sha256"
	_ "embed" // for the two documents
	"fmt"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/statuschecks/statuschecks/openapi/internal/index"
	"github.com/statuschecks/statuschecks/release"
)

//go:generate go run ./internal/generate

var (
	//go:embed gitlab.yaml
	gitlabYAML []byte
	//go:embed gitlab.json
	gitlabJSON []byte
	//go:embed control.yaml
	controlYAML []byte
	//go:embed control.json
	controlJSON []byte
	//go:embed graphql.graphqls
	graphQL string
)

var (
	embeddedGitLab  = sync.OnceValue(openGitLab)
	embeddedControl = sync.OnceValue(openControl)
)

// The embedded texts are not checked. A test loads both documents strictly, and fails if the JSON files or the indexes
// are out of date.
func openGitLab() *Document {
	return newSource("gitlab.yaml", gitlabYAML, gitlabJSON, &gitlabIndex).document(nil)
}

func openControl() *Document {
	return newSource("control.yaml", controlYAML, controlJSON, &controlIndex).document(nil)
}

// GitLab returns the contract of GitLab's REST API, for all releases.
func GitLab() *Document { return embeddedGitLab() }

// GraphQL returns the schema of GitLab's GraphQL API in its schema language, for all releases: the directives since and
// until name the first and the last minor release that has a thing. The operation postGraphQL of [GitLab] is where it
// is asked.
func GraphQL() string { return graphQL }

// Control returns the contract of the mock's control surface, whose paths are below /-/mock.
func Control() *Document { return embeddedControl() }

// Document is an OpenAPI document. It describes either all GitLab releases or one release.
type Document struct {
	source     *source
	version    *release.Version
	operations []*Operation
	byID       map[string]*Operation

	mu       sync.Mutex
	nodes    map[string]*node
	sums     map[string][sha256.Size]byte
	outlined map[string]*outliner
	schemas  map[string]*openapi3.SchemaRef
}

// At returns the document for GitLab release v. It removes the operations, parameters, properties, responses and enum
// values that this release does not have. If nothing changed between two releases, At returns the same *Document for
// both. The result does not depend on whether d was already reduced.
func (d *Document) At(v release.Version) *Document {
	d.source.mu.Lock()
	defer d.source.mu.Unlock()
	start := d.source.period(v)
	cut := d.source.pruned[start]
	if cut == nil {
		cut = d.source.document(&start)
		d.source.pruned[start] = cut
	}
	return cut
}

// Root returns the path of the document's first server, "/api/v4" or "/-/mock". The paths of all operations are below
// it, but for those that have a server of their own; see [Operation.Root].
func (d *Document) Root() string { return d.source.index.Root }

// Operations returns the operations in the order of the document. The slice is shared; do not change it.
func (d *Document) Operations() []*Operation { return d.operations }

// Operation returns the operation with the given operationId, or nil.
func (d *Document) Operation(id string) *Operation { return d.byID[id] }

// YAML returns the document as YAML. A document that was not reduced by Document.At is returned as it was written,
// with comments.
func (d *Document) YAML() ([]byte, error) {
	if d.version == nil {
		return append([]byte(nil), d.source.yaml...), nil
	}
	root, err := d.root()
	if err != nil {
		return nil, err
	}
	return root.yaml(), nil
}

// JSON returns the document as JSON. The keys keep their order.
func (d *Document) JSON() ([]byte, error) {
	if d.version == nil {
		return append([]byte(nil), d.source.json...), nil
	}
	root, err := d.root()
	if err != nil {
		return nil, err
	}
	return root.appendJSON(nil), nil
}

// root returns the whole text for the document's version, with only the components that are still in use.
func (d *Document) root() (*node, error) {
	root, err := parseJSON(d.source.json)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.source.name, err)
	}
	if p := d.pruner(); p != nil {
		whole := root
		p.resolve, p.dates = func(ref string) *node { return componentOf(whole, ref) }, nil
		root = p.prune(whole)
		d.name(root)
	}
	dropEmptyPaths(root)
	dropUnused(root)
	return root, nil
}

// name adds the releases of the document to its title and version.
func (d *Document) name(root *node) {
	info := root.get("info")
	if info == nil || len(d.source.index.Starts) == 0 {
		return
	}
	first, last := d.source.span(*d.version)
	title := info.str("title") + ", GitLab " + first.String()
	if first != last {
		title += " to " + last.String()
	}
	info.set("title", newText(title))
	info.set("version", newText(first.String()))
	showVersion(root, release.Reference, first)
}

// showVersion replaces the version of the instance in examples by another one.
func showVersion(n *node, written, wanted release.Version) {
	if n.kind == stringNode && n.text == versionShown(written) {
		n.text = versionShown(wanted)
	}
	for _, m := range n.members {
		showVersion(m.value, written, wanted)
	}
	for _, item := range n.items {
		showVersion(item, written, wanted)
	}
}

// versionShown is the version that an instance of a release reports.
func versionShown(v release.Version) string { return v.String() + ".0-ee" }

// componentOf returns the component that a reference names, or nil.
func componentOf(root *node, ref string) *node {
	kind, name, _ := splitRef(ref)
	return root.child("components", kind, name)
}

// read parses raw for the document's version. It leaves out descriptions for people, and the members to skip.
func (d *Document) read(raw []byte, skip ...string) *node {
	n, err := parseLean(raw, skip...)
	if err != nil {
		return &node{kind: objectNode}
	}
	if p := d.pruner(); p != nil {
		n = p.prune(n)
	}
	return n
}

// pruner returns the pruner for the document's version; nil for the whole document.
func (d *Document) pruner() *pruner {
	if d.version == nil {
		return nil
	}
	return &pruner{version: *d.version, resolve: d.source.component, dates: d.source.dates}
}

// resolve follows references until it reaches a value that is not a reference. The caller holds d.mu.
func (d *Document) resolve(n *node) *node {
	for range maxDepth {
		ref := n.str("$ref")
		if ref == "" {
			return n
		}
		n = d.componentLocked(ref)
	}
	return nil
}

func (d *Document) componentLocked(ref string) *node {
	n, known := d.nodes[ref]
	if !known {
		if span, there := d.source.index.Component(ref); there {
			n = d.read(d.source.at(span))
		}
		d.nodes[ref] = n
	}
	return n
}

func dropEmptyPaths(root *node) {
	paths := root.get("paths")
	if paths == nil {
		return
	}
	kept := paths.members[:0]
	for _, path := range paths.members {
		for _, m := range path.value.members {
			if index.IsMethod(m.name) {
				kept = append(kept, path)
				break
			}
		}
	}
	paths.members = kept
}

// dropUnused removes the components that nothing refers to any more.
func dropUnused(root *node) {
	components := root.get("components")
	if components == nil {
		return
	}
	used := map[string]bool{}
	for _, m := range root.members {
		if m.name != "components" {
			markUsed(m.value, components, used)
		}
	}
	for i := range components.members {
		kind := &components.members[i]
		if kind.name == "securitySchemes" {
			continue
		}
		kept := kind.value.members[:0]
		for _, m := range kind.value.members {
			if used["#/components/"+kind.name+"/"+m.name] {
				kept = append(kept, m)
			}
		}
		kind.value.members = kept
	}
}

func markUsed(n, components *node, used map[string]bool) {
	if ref := n.str("$ref"); ref != "" && !used[ref] {
		used[ref] = true
		if kind, name, ok := splitRef(ref); ok {
			if target := components.child(kind, name); target != nil {
				markUsed(target, components, used)
			}
		}
	}
	for _, m := range n.members {
		markUsed(m.value, components, used)
	}
	for _, item := range n.items {
		markUsed(item, components, used)
	}
}

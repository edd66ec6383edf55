package gitlab

import (
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// participants lists the usernames of the participants of the scene's merge request as somebody sees them.
func (s *scene) participants(who string) []string {
	var names []string
	s.do(func(tx *Tx) {
		for _, u := range tx.Participants(s.actor(tx, who), s.mrIn(tx)) {
			names = append(names, u.Username)
		}
	})
	return names
}

func TestParticipants_standInGitLabsOrder(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	assert.DeepEqual(t, s.participants("reporter"), []string{"author"})
	s.do(func(tx *Tx) {
		mr := s.mrIn(tx)
		mr.ReviewerIDs = []UserID{s.users["owner"], s.users["developer"]}
		mr.AssigneeIDs = []UserID{s.users["developer"], s.users["guest"]}
		mr.Description = "Ask @planner, @stranger, @Planner."
		insert(tx, mergeRequestTable, mr)
		for _, n := range []struct {
			who, body string
			internal  bool
		}{{"maintainer", "@reporter: see @flight", false}, {"guest", "no", false}, {"admin", "@external", true}} {
			_, err := tx.AddNote(s.actor(tx, n.who), mr, Note{Body: n.body, Internal: n.internal})
			assert.NilError(t, err)
		}
		tx.SetMember(Member{NamespaceID: s.group, UserID: s.users["external"], AccessLevel: Guest})
	})
	seen := []string{"owner", "developer", "guest", "maintainer", "admin", "author", "external", "planner", "reporter"}
	assert.DeepEqual(t, s.participants("reporter"), seen)
	withoutAdmin := slices.DeleteFunc(slices.Clone(seen), func(name string) bool { return name == "admin" })
	assert.DeepEqual(t, s.participants("guest"), withoutAdmin)
}

// Who is named in an internal comment must be able to read it.
func TestParticipants_areToldOfInternalComments(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		_, err := tx.AddNote(s.actor(tx, "owner"), s.mrIn(tx), Note{Body: "@guest @planner", Internal: true})
		assert.NilError(t, err)
	})
	assert.DeepEqual(t, s.participants("reporter"), []string{"owner", "author", "planner"})
	s.do(func(tx *Tx) {
		for who, want := range map[string]bool{"guest": false, "planner": true, "owner": true, "reporter": false} {
			assert.Equal(t, tx.Participates(s.actor(tx, who), s.mrIn(tx)), want, who)
		}
	})
}

func TestMentions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                               nil,
		"a@b.example":                    nil,
		`\@jane`:                         nil,
		"@jane":                          {"jane"},
		"cc @jane, @a.b-c.\n(@x/y_z/0)":  {"jane", "a.b-c", "x/y_z/0"},
		"`@code` and ``@a ` @b`` @jane":  {"jane"},
		"```\n@code\n```\n@jane":         {"jane"},
		"@jane\n~~~ruby\n@code":          {"jane"},
		"[@link](x) @jane":               {"jane"},
		"@@jane @- @":                    {"jane"},
		"_@jane_ and **@bob**":           {"jane", "bob"},
		"@jane_doe, @a_b_c":              {"jane_doe", "a_b_c"},
		"see:\n\n    @code\n\n@jane":     {"jane"},
		"<code>@code</code> @jane":       {"jane"},
		"<a href=x>@link</a> @jane":      {"jane"},
		"<pre>@code</pre>\n\n@jane":      {"jane"},
		"<!-- @nobody --> @jane":         {"jane"},
		"<div>@jane\n<code>@code</code>": {"jane"},
		"x <!-- @nobody --> @jane":       {"jane"},
		"https://x.example/@link @jane":  {"jane"},
		"(www.x.example/@link) @jane":    {"jane"},
		"[@link][r] @jane\n\n[r]: /x":    {"jane"},
		"- @jane\n- > @bob":              {"jane", "bob"},
		"| a |\n| --- |\n| @jane |":      {"jane"},
	} {
		assert.DeepEqual(t, mentions(text), want)
	}
}

// TestMentions_areBounded holds that of a long text only the beginning is read as Markdown.
func TestMentions_areBounded(t *testing.T) {
	t.Parallel()
	long := "`@code` @jane\n" + strings.Repeat("[", longestMarkdown) + "`@bob`"
	assert.DeepEqual(t, mentions(long), []string{"jane", "bob"})
	assert.DeepEqual(t, mentions(strings.Repeat("`@code` ", longestMarkdown))[0], "code")
}

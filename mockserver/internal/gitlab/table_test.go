package gitlab

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	"pgregory.net/rapid"
)

type thing struct {
	ID    ProjectID
	Group NamespaceID // 0 means none
	Name  string
}

var thingTable = newTable([]index[thing]{
	{"id", func(t thing) string { return key(t.ID) }},
	{"group", func(t thing) string { return keyOfAny(t.Group) }},
	{"name", func(t thing) string { return key(t.Name) }},
})

// Whatever is written, each index has the rows that a plain list has, in the same order.
func TestTable_indexesAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := New(Options{})
		rows := map[ProjectID]thing{}
		for range rapid.IntRange(1, 5).Draw(t, "transactions") {
			kept := rapid.Bool().Draw(t, "kept")
			before := maps.Clone(rows)
			err := s.Update(time.Time{}, func(tx *Tx) error {
				for range rapid.IntRange(0, 40).Draw(t, "writes") {
					write(t, tx, rows)
				}
				same(t, tx, rows)
				if !kept {
					return errors.New("refused")
				}
				return nil
			})
			if !kept {
				assert.ErrorContains(t, err, "refused")
				rows = before
			}
		}
		assert.NilError(t, s.View(time.Time{}, func(tx *Tx) error {
			same(t, tx, rows)
			return nil
		}))
	})
}

// write inserts, replaces or removes rows in a table and in a plain map.
func write(t *rapid.T, tx *Tx, rows map[ProjectID]thing) {
	row := thing{
		ID:    ProjectID(rapid.Int64Range(-3, 300).Draw(t, "id")),
		Group: NamespaceID(rapid.Int64Range(0, 3).Draw(t, "group")),
		Name:  rapid.StringMatching(`[ab\xff]{0,3}`).Draw(t, "name"),
	}
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		remove(tx, thingTable, row)
		delete(rows, row.ID)
	case 1:
		removeAll(tx, thingTable, "group", key(row.Group))
		for id, r := range rows {
			if r.Group == row.Group && row.Group != 0 {
				delete(rows, id)
			}
		}
	default:
		insert(tx, thingTable, row)
		rows[row.ID] = row
	}
}

func same(t *rapid.T, tx *Tx, rows map[ProjectID]thing) {
	list := make([]thing, 0, len(rows))
	for _, row := range rows {
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b thing) int { return int(a.ID - b.ID) })
	assert.DeepEqual(t, all(tx, thingTable, "id", ""), list)
	grouped := 0
	for g := NamespaceID(1); g <= 3; g++ {
		of := slices.DeleteFunc(slices.Clone(list), func(r thing) bool { return r.Group != g })
		grouped += len(of)
		assert.DeepEqual(t, all(tx, thingTable, "group", key(g)), of)
		least, found := first(tx, thingTable, "group", key(g))
		assert.Equal(t, found, len(of) > 0)
		greatest, _ := last(tx, thingTable, "group", key(g))
		if found {
			assert.Equal(t, least, of[0])
			assert.Equal(t, greatest, of[len(of)-1])
		}
	}
	assert.Equal(t, len(all(tx, thingTable, "group", "")), grouped)
	slices.SortStableFunc(list, func(a, b thing) int { return strings.Compare(key(a.Name), key(b.Name)) })
	assert.DeepEqual(t, all(tx, thingTable, "name", ""), list)
	for _, row := range list {
		got, found := first(tx, thingTable, "id", key(row.ID))
		assert.Assert(t, found && got == row)
	}
}

// What a visitor writes does not change what it visits.
func TestEach_mayWrite(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	assert.NilError(t, s.Update(time.Time{}, func(tx *Tx) error {
		for id := range ProjectID(100) {
			insert(tx, thingTable, thing{ID: id, Group: 1})
		}
		visited := 0
		each(tx, thingTable, "group", key(NamespaceID(1)), func(row thing) bool {
			visited++
			remove(tx, thingTable, row)
			insert(tx, thingTable, thing{ID: row.ID + 1000, Group: 1})
			return true
		})
		assert.Equal(t, visited, 100)
		rows := all(tx, thingTable, "id", "")
		assert.Assert(t, len(rows) == 100 && rows[0].ID == 1000)
		return nil
	}))
}

// Transactions that write side by side, one that is kept and others that are not, share a store without disturbing it.
func TestStore_isShared(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	fill := func(tx *Tx) error {
		for id := range ProjectID(200) {
			insert(tx, thingTable, thing{ID: id, Group: 1, Name: "x"})
		}
		return nil
	}
	assert.NilError(t, s.Update(time.Time{}, fill))
	other := New(Options{})
	other.Restore(s.Snapshot())
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for range 50 {
				change := func(tx *Tx) error {
					assert.Check(t, len(all(tx, thingTable, "group", key(NamespaceID(1)))) == 200)
					insert(tx, thingTable, thing{ID: ProjectID(n), Group: 1, Name: "y"})
					return nil
				}
				run := []func(time.Time, func(*Tx) error) error{s.View, s.Update, other.View, other.Update}[n%4]
				assert.Check(t, run(time.Time{}, change) == nil)
			}
		})
	}
	group.Wait()
}

func TestKey_sorts(t *testing.T) {
	t.Parallel()
	keys := []string{
		key(int64(-1)), key(int64(0)), key(ProjectID(1)), key(ProjectID(1), "a"), key(ProjectID(1), "aa"),
		key(ProjectID(1), "b", false), key(ProjectID(1), "b", true), key(ProjectID(256)),
	}
	assert.Assert(t, slices.IsSorted(keys))
	assert.Equal(t, key(time.UnixMicro(7)), key(int64(7)))
	for prefix, want := range map[string]string{"a\x00": "a\x01", "a\xfe": "a\xff", "a\xff\xff": "b"} {
		assert.Equal(t, behind(prefix), want)
	}
}

// SHAs take half of their length in keys, which changes neither the order of SHAs nor what a prefix finds.
func TestKey_packsSHAs(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(
		rapid.StringMatching(`[0-9a-f]{40}`), rapid.StringMatching(`[0-9a-fA-Fg]{40}`),
		rapid.StringMatching(`[0-9a-f]{0,64}`), rapid.Just(strings.Repeat("é", 20)),
	)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		keyA, keyB := key(CheckID(1), keySHA(a)), key(CheckID(1), keySHA(b))
		if (keyA == keyB) != (a == b) || a != b && strings.HasPrefix(keyA, keyB) {
			t.Fatalf("%q and %q become %q and %q", a, b, keyA, keyB)
		}
		if sha := regexp.MustCompile(`^[0-9a-f]{40}$`); sha.MatchString(a) && sha.MatchString(b) {
			assert.Equal(t, strings.Compare(keyA, keyB), strings.Compare(a, b))
			assert.Equal(t, len(keyA), 8+1+20)
		}
	})
}

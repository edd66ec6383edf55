package gitlab

import (
	"slices"
	"strings"
	"sync"

	"github.com/tidwall/btree"
)

// table describes a kind of row. Rows are stored as values, so that no code outside can modify them.
type table[T any] struct {
	number  int // among all tables
	indexes []index[T]
}

// index computes the key of a row; it is empty if the row is not in the index. The first index of a table is unique. In
// the other indexes, rows with equal keys are in the order of the first index.
type index[T any] struct {
	name string
	key  func(T) string
}

// store is what is stored at an instant: a list of trees for each table, one for each of its indexes. It and its trees
// never change. A transaction that writes to a table makes its own copy, which shares what stays as it is.
type store []any

// tree holds the rows of a table in the order of an index.
type tree[T any] = btree.Map[string, *T]

// branching is the smallest number of children of a tree's inner node. A write copies the nodes from the root to the
// row: with wider nodes it copies more, with narrower ones a search has more to follow.
const branching = 8

// nothing is the store that each state begins with: all tables, without rows.
var nothing store

func newTable[T any](indexes []index[T]) table[T] {
	trees := make([]*tree[T], len(indexes))
	for i := range trees {
		trees[i] = btree.NewMap[string, *T](branching)
	}
	nothing = append(nothing, trees)
	if len(nothing) > 64 {
		panic("gitlab: mine has no bits for more than 64 tables") // a mistake in this package
	}
	return table[T]{len(nothing) - 1, indexes}
}

// mine says which tables a transaction has copied: a bit for each.
type mine uint64

func (m mine) has(number int) bool { return m&(1<<number) != 0 }

func (t table[T]) trees(tx *Tx) []*tree[T] { return tx.store[t.number].([]*tree[T]) }

// copying is held while a tree is copied, which writes to the copied tree too. Nobody else reads what it writes.
var copying sync.Mutex

// writable are the trees of a transaction's own copy of a table.
func (t table[T]) writable(tx *Tx) []*tree[T] {
	if tx.mine.has(t.number) {
		return t.trees(tx)
	}
	if tx.mine == 0 {
		tx.store = slices.Clone(tx.store)
	}
	own := slices.Clone(t.trees(tx))
	copying.Lock()
	for i, shared := range own {
		own[i] = shared.Copy()
	}
	copying.Unlock()
	tx.store[t.number], tx.mine = own, tx.mine|1<<t.number
	return own
}

// tree is the tree of an index.
func (t table[T]) tree(tx *Tx, name string) *tree[T] {
	for i, ix := range t.indexes {
		if ix.name == name {
			return t.trees(tx)[i]
		}
	}
	panic("gitlab: a table has no index " + name) // a mistake in this package
}

// first finds the row with a key. In an index that is not unique the key may be a beginning, and the row is the first.
func first[T any](tx *Tx, t table[T], index, k string) (row T, found bool) {
	if index == t.indexes[0].name {
		if stored, ok := t.trees(tx)[0].Get(k); ok {
			return *stored, true
		}
		return row, false
	}
	scan(t.tree(tx, index), k, func(r *T) bool {
		row, found = *r, true
		return false
	})
	return row, found
}

// firstFrom finds the row with the least key in an index that is not less than k.
func firstFrom[T any](tx *Tx, t table[T], index, k string) (row T, found bool) {
	t.tree(tx, index).Ascend(k, func(_ string, r *T) bool {
		row, found = *r, true
		return false
	})
	return row, found
}

// scan calls f, which does not write, for the rows whose key begins with prefix, in order, until f returns false.
func scan[T any](rows *tree[T], prefix string, f func(*T) bool) {
	rows.Ascend(prefix, func(k string, row *T) bool { return strings.HasPrefix(k, prefix) && f(row) })
}

// each calls f for the rows whose key begins with prefix, in order, until f returns false. What f writes to the table
// does not change which rows are visited.
func each[T any](tx *Tx, t table[T], index, prefix string, f func(T) bool) {
	rows := t.tree(tx, index)
	if tx.mine.has(t.number) {
		rows = rows.Copy()
	}
	scan(rows, prefix, func(row *T) bool { return f(*row) })
}

func all[T any](tx *Tx, t table[T], index, prefix string) []T {
	rows := []T{}
	scan(t.tree(tx, index), prefix, func(row *T) bool {
		rows = append(rows, *row)
		return true
	})
	return rows
}

func insert[T any](tx *Tx, t table[T], row T) {
	trees := t.writable(tx)
	id := t.indexes[0].key(row)
	before, replaced := trees[0].Set(id, &row)
	for i, ix := range t.indexes[1:] {
		k := ix.key(row)
		if replaced {
			if old := ix.key(*before); old != "" && old != k {
				trees[i+1].Delete(old + id)
			}
		}
		if k != "" {
			trees[i+1].Set(k+id, &row)
		}
	}
	tx.wrote()
}

// remove removes the row with the same key in the first index. It does nothing if there is none.
func remove[T any](tx *Tx, t table[T], row T) { removeKey(tx, t, t.indexes[0].key(row)) }

func removeKey[T any](tx *Tx, t table[T], id string) {
	trees := t.writable(tx)
	stored, found := trees[0].Delete(id)
	if !found {
		return
	}
	for i, ix := range t.indexes[1:] {
		if k := ix.key(*stored); k != "" {
			trees[i+1].Delete(k + id)
		}
	}
	tx.wrote()
}

// removeAll removes the rows whose key begins with prefix.
func removeAll[T any](tx *Tx, t table[T], index, prefix string) {
	var ids []string
	t.tree(tx, index).Ascend(prefix, func(k string, row *T) bool {
		if !strings.HasPrefix(k, prefix) {
			return false
		}
		if index != t.indexes[0].name {
			k = t.indexes[0].key(*row)
		}
		ids = append(ids, k)
		return true
	})
	for _, id := range ids {
		removeKey(tx, t, id)
	}
}

// whileBefore lists the rows whose keys in the first index are less than a key, in order.
func whileBefore[T any](tx *Tx, t table[T], before string) []T {
	rows := []T{}
	t.trees(tx)[0].Scan(func(k string, row *T) bool {
		if k >= before {
			return false
		}
		rows = append(rows, *row)
		return true
	})
	return rows
}

// lastUpTo finds the row with the greatest key in the first index that begins with prefix and is not behind k.
func lastUpTo[T any](tx *Tx, t table[T], prefix, k string) (row T, found bool) {
	t.trees(tx)[0].Descend(k, func(least string, r *T) bool {
		if strings.HasPrefix(least, prefix) {
			row, found = *r, true
		}
		return false
	})
	return row, found
}

// last finds the row with the greatest key among the rows of an index whose key begins with prefix.
func last[T any](tx *Tx, t table[T], index, prefix string) (row T, found bool) {
	rows := t.tree(tx, index)
	if prefix == "" {
		_, greatest, ok := rows.Max()
		if ok {
			row = *greatest
		}
		return row, ok
	}
	rows.Descend(behind(prefix), func(k string, r *T) bool {
		if strings.HasPrefix(k, prefix) {
			row, found = *r, true
		}
		return k > prefix && !found // the first may be the next key itself
	})
	return row, found
}

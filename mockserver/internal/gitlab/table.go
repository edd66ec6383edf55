package gitlab

import (
	"bytes"
	"fmt"
	"time"

	"github.com/hashicorp/go-memdb"
)

// table describes a kind of row. Rows are stored as values, so that no code outside can modify them.
type table[T any] struct {
	name    string
	indexes []index[T]
}

// index computes the key of a row; it has none if the row is not in the index. The first index of a table is unique. In
// the other indexes, rows with equal keys are in the order of the first index.
type index[T any] struct {
	name string
	key  func(T) []byte
}

func (ix index[T]) FromObject(row any) (bool, []byte, error) {
	k := ix.key(row.(T))
	return k != nil, k, nil
}

func (ix index[T]) FromArgs(args ...any) ([]byte, error) { return args[0].([]byte), nil }

func (ix index[T]) PrefixFromArgs(args ...any) ([]byte, error) {
	if text, ok := args[0].(string); ok { // from DeletePrefix
		return []byte(text), nil
	}
	return args[0].([]byte), nil
}

func (t table[T]) schema() *memdb.TableSchema {
	s := &memdb.TableSchema{Name: t.name, Indexes: map[string]*memdb.IndexSchema{}}
	for i, ix := range t.indexes {
		s.Indexes[ix.name] = &memdb.IndexSchema{Name: ix.name, Unique: i == 0, AllowMissing: i > 0, Indexer: ix}
	}
	return s
}

// keyOfAny is the key of a reference to another row; nil, which is in no index, if there is none.
func keyOfAny[T ~int64](id T) []byte {
	if id == 0 {
		return nil
	}
	return key(id)
}

// key joins the parts of a key. Keys sort as their parts do: numbers by value, text by bytes, times by instant.
func key(parts ...any) []byte {
	b := make([]byte, 0, 24*len(parts))
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b = append(append(b, p...), 0)
		case bool:
			if p {
				b = append(b, 1)
			} else {
				b = append(b, 0)
			}
		case time.Time:
			b = appendInt(b, p.UnixMicro())
		case interface{ int() int64 }:
			b = appendInt(b, p.int())
		case int64:
			b = appendInt(b, p)
		default:
			panic(fmt.Sprintf("gitlab: %T cannot be part of a key", p))
		}
	}
	return b
}

// appendInt writes a number as hexadecimal digits, each a byte from 0 to 15. Whole bytes would give shorter keys, but
// also nodes with up to 256 children. A write to one child copies all of them.
func appendInt(b []byte, n int64) []byte {
	u := uint64(n) ^ (1 << 63) // makes negative numbers sort before others
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, byte(u>>shift)&0xF)
	}
	return b
}

func must(err error) {
	if err != nil {
		panic("gitlab: " + err.Error()) // memdb fails only on a wrong table, index or type: a mistake in this package
	}
}

func first[T any](tx *Tx, t table[T], index string, k []byte) (T, bool) {
	row, err := tx.txn.First(t.name, index, k)
	must(err)
	if row == nil {
		var none T
		return none, false
	}
	return row.(T), true
}

// firstFrom finds the row with the least key in an index that is not less than k.
func firstFrom[T any](tx *Tx, t table[T], index string, k []byte) (T, bool) {
	it, err := tx.txn.LowerBound(t.name, index, k)
	must(err)
	if row := it.Next(); row != nil {
		return row.(T), true
	}
	var none T
	return none, false
}

// each calls f for the rows whose key begins with prefix, in order, until f returns false.
func each[T any](tx *Tx, t table[T], index string, prefix []byte, f func(T) bool) {
	it, err := tx.txn.Get(t.name, index+"_prefix", prefix)
	must(err)
	for row := it.Next(); row != nil; row = it.Next() {
		if !f(row.(T)) {
			return
		}
	}
}

func all[T any](tx *Tx, t table[T], index string, prefix []byte) []T {
	rows := []T{}
	each(tx, t, index, prefix, func(row T) bool {
		rows = append(rows, row)
		return true
	})
	return rows
}

func insert[T any](tx *Tx, t table[T], row T) {
	must(tx.txn.Insert(t.name, row))
	tx.wrote()
}

func remove[T any](tx *Tx, t table[T], row T) {
	must(tx.txn.Delete(t.name, row))
	tx.wrote()
}

// removeAll removes the rows whose key begins with prefix.
func removeAll[T any](tx *Tx, t table[T], index string, prefix []byte) {
	removed, err := tx.txn.DeletePrefix(t.name, index+"_prefix", string(prefix))
	must(err)
	if removed {
		tx.wrote()
	}
}

// whileBefore lists the rows whose keys in the first index are less than a key, in order.
func whileBefore[T any](tx *Tx, t table[T], before []byte) []T {
	rows := []T{}
	each(tx, t, t.indexes[0].name, nil, func(row T) bool {
		if bytes.Compare(t.indexes[0].key(row), before) >= 0 {
			return false
		}
		rows = append(rows, row)
		return true
	})
	return rows
}

// last finds the row with the greatest key among the rows of an index whose key begins with prefix.
func last[T any](tx *Tx, t table[T], index string, prefix []byte) (T, bool) {
	row, err := tx.txn.Last(t.name, index+"_prefix", prefix)
	must(err)
	if row == nil {
		var none T
		return none, false
	}
	return row.(T), true
}

package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/conformance"
)

// text is a flag that takes a text that its check has nothing against. An empty one is always refused: it mostly comes
// from a variable that is not set.
type text struct {
	into  *string
	check func(string) error
	known func() []string // values that a shell offers; nil for none
}

func newText(into *string, check func(string) error) *text { return &text{into: into, check: check} }

// String is the text.
func (t *text) String() string {
	if t.into == nil {
		return ""
	}
	return *t.into
}

// Type is what the usage text shows for the value.
func (*text) Type() string { return "string" }

// Set takes a text.
func (t *text) Set(given string) error {
	if err := notEmpty(given); err != nil {
		return err
	}
	if err := t.check(given); err != nil {
		return err
	}
	*t.into = given
	return nil
}

// secret is a text that no message shows.
type secret struct{ *text }

func newSecret(into *string) secret { return secret{newText(into, sendable)} }

// newSharedSecret is a flag that takes the shared secret of an external status check.
func newSharedSecret(into *string) secret { return secret{newText(into, signable)} }

// words is a flag that takes several texts, with commas between them or by giving it again.
type words struct {
	into  *[]string
	check func(string) error
	known func() []string // values that a shell offers; nil for none
}

func newWords(into *[]string, check func(string) error) *words {
	return &words{into: into, check: check}
}

// newReports is a flag that takes which reports to write, each as format=file.
func newReports(into *[]string, formats []string) *words {
	return newWords(into, reportIn(formats)).offering(formatsOf(formats))
}

// String is the texts with commas between them.
func (w *words) String() string {
	if w.into == nil {
		return ""
	}
	return strings.Join(*w.into, ",")
}

// Type is what the usage text shows for the value.
func (*words) Type() string { return "strings" }

// GetSlice is the texts.
func (w *words) GetSlice() []string { return *w.into }

// Replace takes other texts instead.
func (w *words) Replace(list []string) error { *w.into = list; return nil }

// Append takes one text more.
func (w *words) Append(one string) error { return w.take(one) }

// Set takes one or more texts.
func (w *words) Set(given string) error {
	if err := notEmpty(given); err != nil {
		return err
	}
	list, err := csv.NewReader(strings.NewReader(given)).Read()
	if err != nil {
		return errors.New("its quotes do not match; put quotes around a text with a comma in it, or leave them out")
	}
	for _, one := range list {
		if err := w.take(strings.TrimSpace(one)); err != nil {
			return err
		}
	}
	return nil
}

func (w *words) take(one string) error {
	if one == "" {
		return errors.New("there is nothing beside one of its commas; take the comma out")
	}
	if err := w.check(one); err != nil {
		return err
	}
	*w.into = append(*w.into, one)
	return nil
}

// number is a flag that takes a whole number within bounds.
type number struct {
	into        *int
	least, most int
}

// String is the number.
func (n *number) String() string {
	if n.into == nil {
		return ""
	}
	return strconv.Itoa(*n.into)
}

// Type is what the usage text shows for the value.
func (*number) Type() string { return "int" }

// Set reads a number.
func (n *number) Set(given string) error {
	value, err := strconv.Atoi(given)
	if err != nil || value < n.least || value > n.most {
		return fmt.Errorf("write a whole number from %d to %d", n.least, n.most)
	}
	*n.into = value
	return nil
}

// dice is a flag that takes the number that random choices begin with.
type dice struct{ into *uint64 }

// String is the number.
func (d *dice) String() string {
	if d.into == nil || *d.into == 0 {
		return ""
	}
	return strconv.FormatUint(*d.into, 10)
}

// Type is what the usage text shows for the value.
func (*dice) Type() string { return "uint64" }

// Set reads a number.
func (d *dice) Set(given string) error {
	value, err := strconv.ParseUint(given, 10, 64)
	if err != nil {
		return fmt.Errorf("write a whole number from 0 to %d", uint64(math.MaxUint64))
	}
	*d.into = value
	return nil
}

// rate is a flag that takes how often something may happen in a second; without it, as often as it comes.
type rate struct{ into *float64 }

// String is the number; empty when there is no limit.
func (r *rate) String() string {
	if r.into == nil || *r.into == 0 {
		return ""
	}
	return strconv.FormatFloat(*r.into, 'f', -1, 64)
}

// Type is what the usage text shows for the value.
func (*rate) Type() string { return "number" }

// Set reads a number.
func (r *rate) Set(given string) error {
	value, err := strconv.ParseFloat(given, 64)
	if err != nil || !(value >= conformance.MinRate && value <= conformance.MaxRate) {
		return fmt.Errorf("write a number from %g to %d, or leave it out for no limit", conformance.MinRate,
			conformance.MaxRate)
	}
	*r.into = value
	return nil
}

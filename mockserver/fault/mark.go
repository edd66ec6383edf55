package fault

import "slices"

// Mark is what a Book was at an instant: its plans and what had become of them. The zero value is an empty book.
type Mark struct {
	Plans []Marked `json:"plans"`
	Named int      `json:"named"` // how many names the book has given
}

// Marked is a plan with the counts of its faults.
type Marked struct {
	Plan   Plan    `json:"plan"`
	Counts []Count `json:"counts"`
}

// Mark keeps what the book is now.
func (b *Book) Mark() Mark {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := Mark{Named: b.named}
	for _, r := range b.plans {
		m.Plans = append(m.Plans, Marked{r.plan, slices.Clone(r.counts)})
	}
	return m
}

// Return makes the book what it was when it was marked.
func (b *Book) Return(m Mark) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.plans, b.named = nil, m.Named
	for _, kept := range m.Plans {
		b.plans = append(b.plans, &running{kept.Plan, slices.Clone(kept.Counts)})
	}
	b.active.Store(len(b.plans) > 0)
}

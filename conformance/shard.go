package conformance

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// Shard is a part of a run, for machines that share its work: every Count-th of the chosen scenarios, from the Index-th
// on. The zero value is the whole run.
type Shard struct {
	Index, Count int // counted from 1
}

// ParseShard reads a shard such as 2/5.
func ParseShard(text string) (Shard, error) {
	index, count, _ := strings.Cut(text, "/")
	i, errIndex := strconv.ParseUint(index, 10, 31)
	n, errCount := strconv.ParseUint(count, 10, 31)
	if errIndex != nil || errCount != nil || i < 1 || n < i {
		return Shard{}, fmt.Errorf("write the shard and how many there are, such as 2/5")
	}
	return Shard{Index: int(i), Count: int(n)}, nil
}

// String is the shard as ParseShard reads it; empty for the whole run.
func (s Shard) String() string {
	if s.Count == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", s.Index, s.Count)
}

// of are the scenarios of the shard.
func (s Shard) of(chosen []*scenario.Scenario) ([]*scenario.Scenario, error) {
	if s.Count == 0 {
		return chosen, nil
	}
	var mine []*scenario.Scenario
	for i := s.Index - 1; i < len(chosen); i += s.Count {
		mine = append(mine, chosen[i])
	}
	if len(mine) == 0 {
		return nil, usage("the shard %s has no scenario, as only %d are chosen; take fewer shards", s, len(chosen))
	}
	return mine, nil
}

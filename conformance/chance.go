package conformance

// chance gives numbers that look random and follow from a seed alone, on every machine and in every release. It is
// splitmix64; nothing here needs more.
type chance struct{ state uint64 }

// next is the next number.
func (c *chance) next() uint64 {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number from 0 to n-1; n must be positive.
func (c *chance) below(n int) int { return int(c.next() % uint64(n)) }

// percent is true that many times of a hundred.
func (c *chance) percent(times int) bool { return c.below(100) < times }

// pick takes one of several.
func pick[T any](c *chance, from ...T) T { return from[c.below(len(from))] }

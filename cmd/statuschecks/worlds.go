package main

import (
	"errors"
	"time"

	"github.com/spf13/pflag"
)

// worldOptions are the flags of serve about worlds.
type worldOptions struct {
	perName     bool
	most        int
	expireAfter time.Duration
}

func (o *worldOptions) register(f *pflag.FlagSet) {
	f.BoolVar(&o.perName, "world-per-name", false, "make a world of each name below /worlds/ that a request asks for; "+
		"see docs/worlds.md")
	f.Var(&number{&o.most, 1, 1_000_000}, "max-worlds", "how many worlds there can be")
	f.Var(&lifetime{&o.expireAfter}, "worlds-expire-after", "drop worlds that were not used for so long, such as 10m "+
		"(default: never)")
}

// lifetime is a flag that takes how long something lives; without it, for ever.
type lifetime struct{ into *time.Duration }

// String is the length; empty when there is no end.
func (l *lifetime) String() string {
	if l.into == nil || *l.into == 0 {
		return ""
	}
	return l.into.String()
}

// Type is what the usage text shows for the value.
func (*lifetime) Type() string { return "duration" }

// Set reads a length.
func (l *lifetime) Set(given string) error {
	d, err := time.ParseDuration(given)
	if err != nil || d < time.Second || d > 365*24*time.Hour {
		return errors.New("write a duration from 1s to 8760h, such as 10m, or leave it out for worlds that stay")
	}
	*l.into = d
	return nil
}

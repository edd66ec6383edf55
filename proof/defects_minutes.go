package proof

import (
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
)

// minutely are the options of a server whose job looks for what timed out once a minute.
func minutely(o *mockserver.Options) { o.TimeoutEveryMinute = true }

// jobSince tells whether a job that runs once a minute, at a second of the minute, has run since an instant.
func jobSince(instant, now time.Time, second time.Duration) bool {
	last := now.Add(-second).Truncate(time.Minute).Add(second)
	return last.After(instant) && !last.After(now)
}

// at is when something happened; false when it never did.
func (v *visit) at(name string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, v.server.memory.noted(name))
	return at, err == nil
}

// fromCreation counts the two minutes of a retried check from the response that made the row.
func fromCreation(second time.Duration) alteration {
	return all(notingLast, showing("failed", func(v *visit, o *object) bool {
		at, known := v.at("answered " + v.key(text(o.Get("id"))))
		return known && v.last(o) == "retried" && jobSince(at.Add(interval), v.now(), second)
	}))
}

// afterAMinute lets pending rows fail after one minute.
func afterAMinute(second time.Duration) alteration {
	return all(notingLast, showing("failed", func(v *visit, o *object) bool {
		at, known := v.at("answered " + v.key(text(o.Get("id"))))
		return known && v.last(o) == "pending" && jobSince(at.Add(time.Minute), v.now(), second)
	}))
}

// laterRows gives checks that are made after merge requests a row, which times out.
func laterRows(second time.Duration) alteration {
	return all(notingLast,
		on(createCheck, also(func(v *visit) { v.stamp("made check " + text(v.member("id"))) })),
		showing("failed", func(v *visit, o *object) bool {
			at, known := v.at("made check " + text(o.Get("id")))
			return known && v.last(o) == "" && o.Get("status") == "pending" && jobSince(at.Add(interval), v.now(),
				second)
		}))
}

// minuteDefects are servers whose job runs once a minute and goes by a wrong rule.
var minuteDefects = []Defect{
	{
		ID: "retry-does-not-restart-by-the-minute", Area: "timeout", Options: minutely,
		Wrong: "A job that runs once a minute, at half of it, counts the two minutes of a retried check from the " +
			"response.",
		Answer: fromCreation(30 * time.Second),
	},
	{
		ID: "times-out-after-a-minute-by-the-minute", Area: "timeout", Options: minutely,
		Wrong:  "A job that runs once a minute, at half of it, fails rows that are one minute old.",
		Answer: afterAMinute(30 * time.Second),
	},
	{
		ID: "later-checks-get-rows", Area: "timeout", Options: minutely,
		Wrong:  "A check that is made after a merge request gets a pending row, which times out.",
		Answer: laterRows(30 * time.Second),
	},
	{
		ID: "one-timeout-fails-all", Area: "timeout",
		Wrong: "When one check of a merge request times out, all of it fail.",
		Answer: all(notingLast, on(listStatuses, after(func(v *visit) {
			all := objects(v.answered())
			for _, o := range all {
				if timedOut(v, o) {
					items(func(_ *visit, other *object) { other.Set("status", "failed") })(v)
					return
				}
			}
		}))),
	},
}

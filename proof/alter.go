package proof

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// alteration changes a visit. One that leaves it without an answer lets the good server answer.
type alteration func(*visit)

// These name the operations that alterations are about, so that a table reads in one line.
const (
	listChecks   = "listExternalStatusChecks"
	createCheck  = "createExternalStatusCheck"
	updateCheck  = "updateExternalStatusCheck"
	deleteCheck  = "deleteExternalStatusCheck"
	listStatuses = "listMergeRequestStatusChecks"
	respond      = "createStatusCheckResponse"
	retry        = "retryStatusCheck"
	onChecks     = listChecks + " " + createCheck + " " + updateCheck + " " + deleteCheck
	onStatuses   = listStatuses + " " + respond + " " + retry
	everywhere   = onChecks + " " + onStatuses
)

// on alters the visits to some operations, given with spaces between them.
func on(operations string, a alteration) alteration {
	return when(func(v *visit) bool { return slices.Contains(strings.Fields(operations), v.op) }, a)
}

// by alters the visits of callers with one of some roles, given with spaces between them.
func by(roles string, a alteration) alteration {
	return when(func(v *visit) bool { return slices.Contains(strings.Fields(roles), v.role()) }, a)
}

// when alters the visits for which a condition holds.
func when(holds func(*visit) bool, a alteration) alteration {
	return func(v *visit) {
		if holds(v) {
			a(v)
		}
	}
}

// all makes several alterations, one after the other.
func all(alterations ...alteration) alteration {
	return func(v *visit) {
		for _, a := range alterations {
			a(v)
		}
	}
}

// after lets the good server answer and then changes the answer.
func after(a alteration) alteration {
	return func(v *visit) {
		if v.status == 0 {
			v.pass()
		}
		a(v)
	}
}

// refuse answers at once, without asking the good server.
func refuse(status int, body string) alteration {
	return func(v *visit) { v.say(status, body) }
}

// turning answers otherwise where the good server answers with a status. An empty body keeps the good one.
func turning(from, to int, body string) alteration {
	return after(func(v *visit) {
		switch {
		case v.status != from:
		case body == "":
			v.say(to, string(v.answer))
		default:
			v.say(to, body)
		}
	})
}

// wording puts one text for another in refusals.
func wording(from, to string) alteration {
	return after(func(v *visit) {
		if v.status >= http.StatusBadRequest {
			v.answer = []byte(strings.ReplaceAll(string(v.answer), from, to))
		}
	})
}

// header changes a header of the answer; an empty value takes it away.
func header(name, value string) alteration {
	return after(func(v *visit) {
		v.header.Del(name)
		if value != "" {
			v.header.Set(name, value)
		}
	})
}

// items changes every object of a successful answer: the object itself, or each of a list.
func items(change func(*visit, *object)) alteration {
	return after(func(v *visit) {
		value := v.answered()
		if !v.succeeded() || value == nil {
			return
		}
		for _, o := range objects(value) {
			change(v, o)
		}
		v.answer = encode(value)
	})
}

// list changes the list of a successful answer.
func list(change func(*visit, []any) []any) alteration {
	return after(func(v *visit) {
		if found, ok := v.answered().([]any); ok && v.succeeded() {
			v.answer = encode(change(v, found))
		}
	})
}

// field changes one member of every object of a successful answer.
func field(name string, change func(v *visit, value any) any) alteration {
	return items(func(v *visit, o *object) {
		if value, ok := o.Members[name]; ok {
			o.Set(name, change(v, value))
		}
	})
}

// fixed gives a member the same value always.
func fixed(name string, value any) alteration {
	return field(name, func(*visit, any) any { return value })
}

// adding gives every object of a successful answer a further member.
func adding(name string, value func(*visit, *object) any) alteration {
	return items(func(v *visit, o *object) { o.Set(name, value(v, o)) })
}

// dropping takes a member out of every object of a successful answer.
func dropping(names ...string) alteration {
	return items(func(_ *visit, o *object) {
		for _, name := range names {
			o.Drop(name)
		}
	})
}

// taking changes a parameter on its way in, if it is given.
func taking(name string, change func(v *visit, value any) any) alteration {
	return func(v *visit) {
		if v.input == nil {
			return
		}
		if value, given := v.input.Members[name]; given {
			v.give(name, change(v, value))
		}
	}
}

// ignoring takes parameters out of the request.
func ignoring(names ...string) alteration {
	return func(v *visit) {
		for _, name := range names {
			v.withhold(name)
		}
		v.query(func(q url.Values) {
			for _, name := range names {
				q.Del(name)
			}
		})
	}
}

// asCreator lets the caller do what the creator of the project may.
func asCreator(v *visit) { v.signIn(v.server.memory.creator(v.project())) }

// whenRefused lets the good server answer and, where that refuses with a status, answers as the project's creator would
// be answered.
func whenRefused(status int) alteration {
	return after(func(v *visit) {
		if v.status == status {
			asCreator(v)
			v.pass()
		}
	})
}

// sentence is a refusal in the shape of GitLab's helpers.
func sentence(message string) string { return string(encode(of("message", message))) }

// complaint is a refusal in the shape of Grape and OAuth.
func complaint(message string) string { return string(encode(of("error", message))) }

// complaints is a refusal by a model.
func complaints(messages ...string) string { return string(encode(of("message", messages))) }

// number is a JSON number.
func number(n int64) json.Number { return json.Number(encode(n)) }

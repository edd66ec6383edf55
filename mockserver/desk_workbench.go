package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/internal/orderedjson"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/mockserver/pages"
)

// Inbox looks at the deliveries from the newest to the oldest.
func (d desk) Inbox(f pages.DeliveryFilter) (box pages.Inbox) {
	d.look(func(tx *gitlab.Tx) {
		all := tx.Deliveries()
		box.All, box.Dropped = len(all), tx.DroppedDeliveries()
		for i := len(all) - 1; i >= 0; i-- {
			if !deliveryFits(tx, all[i], f) {
				continue
			}
			if box.Fitting >= f.Skip && len(box.Deliveries) < f.Limit {
				box.Deliveries = append(box.Deliveries, deliveryLine(tx, all[i]))
			}
			box.Fitting++
		}
	})
	box.Next = d.Journal(journal.Filter{Since: 1 << 62}).Next
	return box
}

func deliveryFits(tx *gitlab.Tx, d gitlab.Delivery, f pages.DeliveryFilter) bool {
	mr, _ := tx.MergeRequestByID(d.MergeRequestID)
	return (f.Check == 0 || f.Check == int64(d.CheckID)) && (f.Project == 0 || f.Project == int64(d.ProjectID)) &&
		(f.MergeRequest == 0 || f.MergeRequest == int64(mr.IID)) &&
		(f.State == "" || string(f.State) == string(d.State)) &&
		(f.Text == "" || d.Action == f.Text || strings.Contains(d.URL, f.Text) ||
			strings.Contains(d.Signature, f.Text) || bytes.Contains(d.Body.Bytes(), []byte(f.Text)))
}

func deliveryLine(tx *gitlab.Tx, d gitlab.Delivery) pages.DeliveryLine {
	full := presentDelivery(tx, d)
	line := pages.DeliveryLine{
		ID: full.ID, URL: full.URL, MergeRequest: full.MergeRequestIID, Action: full.Action, State: full.State,
		CreatedAt: full.CreatedAt, Attempts: len(full.Attempts), Redelivery: full.RedeliveryOf != nil,
	}
	line.Check, line.Project = namesOf(tx, d)
	if n := len(full.Attempts); n > 0 {
		last := full.Attempts[n-1]
		line.Status, line.Problem, line.Took = last.Status, last.Error, last.Duration.Duration
	}
	return line
}

// namesOf are the names of the receiver and the project of a delivery, as far as they are still there.
func namesOf(tx *gitlab.Tx, d gitlab.Delivery) (receiver, project string) {
	c, _ := tx.ExternalStatusCheck(d.ProjectID, d.CheckID)
	p, _ := tx.Project(d.ProjectID)
	if d.Hook.HookID == 0 {
		return c.Name, p.FullPath
	}
	h, _ := tx.ProjectHook(d.ProjectID, d.Hook.HookID)
	return strings.TrimSpace(fmt.Sprintf("webhook %d %s", d.Hook.HookID, h.Name)), p.FullPath
}

func (d desk) Delivery(id int64) (shown pages.Delivery, found bool) {
	d.look(func(tx *gitlab.Tx) {
		var delivery gitlab.Delivery
		if delivery, found = tx.Delivery(gitlab.DeliveryID(id)); !found {
			return
		}
		shown.Delivery = presentDelivery(tx, delivery)
		shown.Check, shown.Project = namesOf(tx, delivery)
		body := delivery.Body.Bytes()
		shown.Payload, _ = orderedjson.Parse(body, func(n json.Number) any { return n })
		c, err := tx.ExternalStatusCheck(delivery.ProjectID, delivery.CheckID)
		switch {
		case delivery.Signature == "":
		case err == nil && Signature(c.SharedSecret, body) == delivery.Signature:
			shown.Secret = pages.PresentSecret
		default:
			shown.Secret = pages.FormerSecret
		}
	})
	return shown, found
}

func (d desk) FaultPlans() []pages.FaultPlan {
	plans := []pages.FaultPlan{}
	for _, state := range d.Faults() {
		text, _ := json.MarshalIndent(state, "", "  ")
		plans = append(plans, pages.FaultPlan{ID: state.ID, JSON: string(text), UsedUp: state.UsedUp})
	}
	return plans
}

// Tokens are those that are known. The text of one is known if the seed has it that the world began with.
func (d desk) Tokens() (list []pages.Token) {
	secrets := map[gitlab.TokenID]string{}
	document := d.currentSeed()
	d.look(func(tx *gitlab.Tx) {
		for _, u := range document.Users {
			for _, t := range u.Tokens {
				if known, there := tx.TokenBySecret(t.Secret); there {
					secrets[known.ID] = t.Secret
				}
			}
		}
	})
	for _, t := range d.State().Tokens {
		list = append(list, pages.Token{Token: t, Secret: secrets[gitlab.TokenID(t.ID)]})
	}
	d.look(func(tx *gitlab.Tx) {
		for i := range list {
			u, _ := tx.User(gitlab.UserID(list[i].UserID))
			list[i].Username = u.Username
		}
	})
	return list
}

package mockserver

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// hookTimeout is how long GitLab waits for the beginning of a response to a delivery to a webhook.
//
// Source: config/initializers/1_settings.rb (webhook_timeout).
const hookTimeout = 10 * time.Second

// hookTokenHeader carries the secret token of a webhook as it is.
const hookTokenHeader = "X-Gitlab-Token"

// hookOutbound is what one attempt at a delivery to a webhook needs to know about the webhook and the world.
type hookOutbound struct {
	hook   gitlab.ProjectHook
	agent  string
	origin string
	now    time.Time

	eventUUID, instance, webhookUUID, key, signs bool // which headers the release has
}

// outboundOf reads the settings of the world and, for a delivery to a webhook, the webhook with its tokens.
func (d *deliverer) outboundOf(delivery gitlab.Delivery) outbound {
	o := d.outbound()
	if delivery.Hook.HookID == 0 {
		return o
	}
	_ = d.world.state.View(d.world.clock.now(), func(tx *gitlab.Tx) error {
		h, err := tx.ProjectHook(delivery.ProjectID, delivery.Hook.HookID)
		o.hook = hookOutbound{
			hook: h, agent: "GitLab/" + fullVersion(tx), origin: withoutPath(tx.BaseURL()), now: tx.Now,
			eventUUID: tx.Has(gitlab.TellsEventUUID), instance: tx.Has(gitlab.TellsInstance),
			webhookUUID: tx.Has(gitlab.TellsWebhookUUID), key: tx.Has(gitlab.TellsIdempotencyKey),
			signs: tx.Has(gitlab.SignsWebhooks),
		}
		return err
	})
	return o
}

// withoutPath is a base URL without its path, as GitLab names itself in X-Gitlab-Instance.
//
// Source: config/settings.rb (build_base_gitlab_url).
func withoutPath(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Scheme + "://" + u.Host
}

// patience is how long a response may take to begin.
func (o outbound) patience(delivery gitlab.Delivery) time.Duration {
	if delivery.Hook.HookID != 0 {
		return hookTimeout
	}
	return readTimeout
}

// headersOfHook returns the headers of a delivery to a webhook.
//
// Source: app/services/web_hook_service.rb; doc/user/project/integrations/webhooks.md.
func (o outbound) headersOfHook(delivery gitlab.Delivery) http.Header {
	h, call := plainHeaders("application/json", o.hook.agent), delivery.Hook
	h.Set("X-Gitlab-Event", call.Header())
	for _, header := range []struct {
		has         bool
		name, value string
	}{
		{o.hook.eventUUID, "X-Gitlab-Event-Uuid", call.EventUUID},
		{o.hook.instance, "X-Gitlab-Instance", o.hook.origin},
		{o.hook.webhookUUID, "X-Gitlab-Webhook-Uuid", call.WebhookUUID},
		{o.hook.key, "Idempotency-Key", call.IdempotencyKey},
		{o.hook.signs, "Webhook-Id", call.IdempotencyKey},
		{o.hook.signs, "Webhook-Timestamp", strconv.FormatInt(o.hook.now.Unix(), 10)},
	} {
		if header.has {
			h.Set(header.name, header.value)
		}
	}
	o.prove(h, delivery)
	return h
}

// prove adds what proves that the delivery comes from GitLab: the token as it is, and the signature.
func (o outbound) prove(h http.Header, delivery gitlab.Delivery) {
	token, key := o.hook.hook.Token, o.hook.hook.SigningKey()
	if o.forges {
		token, key = forgedToken(token), forgedKey(key)
	}
	if token != "" {
		h.Set(hookTokenHeader, token)
	}
	if key != nil && o.hook.signs {
		h.Set("Webhook-Signature", gitlab.HookSignature(key, delivery.Hook.IdempotencyKey, o.hook.now, delivery.Body))
	}
}

// forgedToken is another text than the token of a webhook, if it has one.
func forgedToken(token string) string {
	if token == "" {
		return ""
	}
	return "forged"
}

// forgedKey is another key than the one in the signing token of a webhook, if it has one.
func forgedKey(key []byte) []byte {
	if key == nil {
		return nil
	}
	return append([]byte("forged"), key...)
}

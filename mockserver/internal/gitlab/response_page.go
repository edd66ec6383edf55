package gitlab

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// responsePage holds responses of a check for a SHA of a merge request, in the order of their ids. Services respond for
// the same SHA again and again, and GitLab keeps every response: a row for each would take five times the memory.
type responsePage struct {
	CheckID        CheckID
	MergeRequestID MergeRequestID
	SHA            string
	Responses      []packedResponse // one at least; other pages may share them, so they are never written to
}

// responsesInPage is how many responses a page has at most. With more of them, a new response copies more.
const responsesInPage = 16

// packedResponse is what differs between the responses of a page.
type packedResponse struct {
	ID        ResponseID
	Status    Status
	CreatedAt packedInstant
	RetriedAt packedInstant
}

// responsePageTable is sorted in the order in which responses are looked up. All responses of a check can be removed at
// once. Pages of the same SHA follow each other, and the ids of one lie before those of the next.
var responsePageTable = newTable([]index[responsePage]{
	{"id", func(p responsePage) string {
		return key(p.CheckID, p.MergeRequestID, keySHA(p.SHA), p.Responses[0].ID)
	}},
})

// pageOf finds the page in which a response is, or would be. There is none if all pages of its SHA begin behind it.
func pageOf(tx *Tx, r StatusCheckResponse) (responsePage, bool) {
	all := key(r.CheckID, r.MergeRequestID, keySHA(r.SHA))
	return lastUpTo(tx, responsePageTable, all, key(r.CheckID, r.MergeRequestID, keySHA(r.SHA), r.ID))
}

// place is where a response with an id is among those of the page, or would be.
func (p responsePage) place(id ResponseID) (i int, there bool) {
	return slices.BinarySearchFunc(p.Responses, id,
		func(r packedResponse, id ResponseID) int { return cmp.Compare(r.ID, id) })
}

// at is a response of the page.
func (p responsePage) at(i int) StatusCheckResponse {
	r := p.Responses[i]
	return StatusCheckResponse{
		r.ID, p.MergeRequestID, p.CheckID, p.SHA, r.Status, r.CreatedAt.time(), r.RetriedAt.time(),
	}
}

// storeResponse stores a response, in place of the one with its id if there is one.
func (tx *Tx) storeResponse(r StatusCheckResponse) {
	packed := packedResponse{r.ID, r.Status, packInstant(r.CreatedAt), packInstant(r.RetriedAt)}
	page, found := pageOf(tx, r)
	i, there := page.place(r.ID)
	switch {
	case there:
		page.Responses = slices.Clone(page.Responses)
		page.Responses[i] = packed
	case !found, i == responsesInPage:
		page = responsePage{r.CheckID, r.MergeRequestID, r.SHA, []packedResponse{packed}}
	default:
		page.Responses = slices.Concat(page.Responses[:i], []packedResponse{packed}, page.Responses[i:])
	}
	if half := len(page.Responses) / 2; len(page.Responses) > responsesInPage {
		second := page
		second.Responses = page.Responses[half:]
		insert(tx, responsePageTable, second)
		page.Responses = page.Responses[:half]
	}
	insert(tx, responsePageTable, page)
}

// response looks a response up by everything that its place depends on.
func (tx *Tx) response(c CheckID, mr MergeRequestID, sha string, id ResponseID) (r StatusCheckResponse, found bool) {
	page, _ := pageOf(tx, StatusCheckResponse{ID: id, MergeRequestID: mr, CheckID: c, SHA: sha})
	i, found := page.place(id)
	if found {
		r = page.at(i)
	}
	return r, found
}

// responses lists the responses in pages whose key begins with a prefix, by check, merge request, SHA and id.
func (tx *Tx) responses(prefix string) []StatusCheckResponse {
	list := []StatusCheckResponse{}
	each(tx, responsePageTable, "id", prefix, func(p responsePage) bool {
		for i := range p.Responses {
			list = append(list, p.at(i))
		}
		return true
	})
	return list
}

// packedInstant is an instant in nanoseconds since 1970, or noInstant. CheckInstant holds that it fits.
type packedInstant int64

const noInstant packedInstant = math.MinInt64

func packInstant(at time.Time) packedInstant {
	if at.IsZero() {
		return noInstant
	}
	return packedInstant(at.UnixNano())
}

func (p packedInstant) time() time.Time {
	if p == noInstant {
		return time.Time{}
	}
	return time.Unix(0, int64(p)).UTC()
}

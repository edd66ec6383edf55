package mockserver_test

import "testing"

// exchangeCase is one request to a new world, and its response.
type exchangeCase struct {
	name    string
	arrange func(*harness)
	as      string
	method  string
	path    string
	body    any
	status  int
	want    string // the exact body, unless empty
}

func runExchanges(t *testing.T, cases []exchangeCase) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			if tc.arrange != nil {
				tc.arrange(h)
			}
			r := h.do(tc.as, tc.method, tc.path, tc.body)
			if tc.want != "" {
				r.wantBody(tc.status, tc.want)
				return
			}
			r.want(tc.status)
		})
	}
}

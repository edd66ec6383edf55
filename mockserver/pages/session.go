package pages

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/http"
	"strconv"
	"strings"
	"unicode"
)

// Key is what the tokens of forms are made with. Nobody knows it but the process that made it, and those that share a
// store with it.
type Key [sha256.Size]byte

// KeyOf makes a key of a secret, which gives the same key each time.
func KeyOf(secret []byte) Key { return sha256.Sum256(append([]byte("forms of pages\x00"), secret...)) }

// NewKey makes a key that nobody can guess.
func NewKey() (k Key) {
	_, _ = rand.Read(k[:]) // never fails
	return k
}

// tokenHeader is the header in which scripts of the pages send the token, and tokenField the field of forms.
const (
	tokenHeader = "X-Csrf-Token"
	tokenField  = "authenticity_token"
)

// sign makes a text that only the key's owner can make.
func (h Handler) sign(parts ...string) string {
	m := hmac.New(sha256.New, h.Key[:])
	m.Write([]byte(strings.Join(append(parts, h.World.Root()), "\x00")))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// token is what the forms of a person carry.
func (h Handler) token(person int64) string { return h.sign("form", strconv.FormatInt(person, 10)) }

func (h Handler) knows(given string, person int64) bool {
	return hmac.Equal([]byte(given), []byte(h.token(person)))
}

// cookieName is that of a cookie of this world. Browsers share cookies among all ports of a host.
func (h Handler) cookieName(r *http.Request, what string) string {
	name := "statuschecks_" + what
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		name += "_" + port
	}
	return name + strings.ReplaceAll(h.World.Root(), "/", ".")
}

// person is who is signed in: whom the cookie names, or the first of all. It reports false if there is nobody.
func (h Handler) person(r *http.Request) (Person, bool) {
	people := h.World.People()
	if cookie, err := r.Cookie(h.cookieName(r, "person")); err == nil {
		for _, p := range people {
			if strconv.FormatInt(p.ID, 10) == cookie.Value {
				return p, true
			}
		}
	}
	if len(people) == 0 {
		return Person{}, false
	}
	return people[0], true
}

// MayCall says whether a request looks like one of a page's script. Whether it is one, SignedIn says.
func MayCall(r *http.Request) bool { return r.Header.Get(tokenHeader) != "" }

// SignedIn is the id of the user as whom a script of a page calls the API. It reports false for every other request:
// the token of the page must be there, and the caller must be let in. Whether the request is from a page of the server
// at all is for others to say first.
func (h Handler) SignedIn(r *http.Request) (int64, bool) {
	given := r.Header.Get(tokenHeader)
	if given == "" || !h.admitted(r) {
		return 0, false
	}
	p, there := h.person(r)
	return p.ID, there && h.knows(given, p.ID)
}

// admitted says whether a caller may see the pages: everybody, unless there is a control token, which then was given
// once.
func (h Handler) admitted(r *http.Request) bool {
	if h.ControlToken == "" {
		return true
	}
	cookie, err := r.Cookie(h.cookieName(r, "entry"))
	return err == nil && hmac.Equal([]byte(cookie.Value), []byte(h.sign("entry", h.ControlToken)))
}

func (h Handler) setCookie(w http.ResponseWriter, r *http.Request, what, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: h.cookieName(r, what), Value: value, Path: h.World.Root() + "/", HttpOnly: true,
		SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
	})
}

// signIn makes another person the one who is signed in.
func (h Handler) signIn(w http.ResponseWriter, r *http.Request, _ Person) {
	chosen := r.PostFormValue("person")
	for _, p := range h.World.People() {
		if strconv.FormatInt(p.ID, 10) == chosen {
			h.setCookie(w, r, "person", chosen)
		}
	}
	h.back(w, r)
}

// enter takes the control token, in return for a cookie that opens the pages.
func (h Handler) enter(w http.ResponseWriter, r *http.Request) {
	if !hmac.Equal([]byte(r.PostFormValue("control_token")), []byte(h.ControlToken)) {
		h.showEntry(w, r, h.pathBack(r), "This is not the control token.")
		return
	}
	h.setCookie(w, r, "entry", h.sign("entry", h.ControlToken))
	h.back(w, r)
}

// placeToEnter is the path of the page that somebody wants to see who is not let in yet.
func (h Handler) placeToEnter(r *http.Request) string {
	if r.Method == http.MethodPost { // a form is sent again from its page
		return h.World.Root() + "/"
	}
	return h.World.Root() + r.URL.EscapedPath()
}

// back sends a browser to the page of this world from which a form came.
func (h Handler) back(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", h.pathBack(r))
	w.WriteHeader(http.StatusSeeOther)
}

// pathBack is the path of the page from which a form came: always one of this world. Browsers take a backslash for a
// slash and leave out tabs, so that /<tab>/evil.example would lead to another host.
func (h Handler) pathBack(r *http.Request) string {
	path := r.PostFormValue("back")
	root := h.World.Root() + "/"
	if !strings.HasPrefix(path, root) || strings.HasPrefix(path, "//") || strings.Contains(path, `\`) ||
		strings.ContainsFunc(path, unicode.IsControl) {
		return root
	}
	return path
}

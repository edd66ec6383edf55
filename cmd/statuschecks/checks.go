package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// These tell what is wrong with the value of a flag, in words that go on after "--flag cannot be …: ".

func notEmpty(given string) error {
	if strings.TrimSpace(given) == "" {
		return errors.New("it is empty; give it a value, or leave it out (perhaps a variable that it was taken from " +
			"is not set)")
	}
	return nil
}

// anyName has nothing against a name.
func anyName(string) error { return nil }

// sendable tells whether a token can be sent in a header.
func sendable(token string) error {
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return errors.New("it holds a space, a line break or a letter that no token has; give the token alone")
	}
	return nil
}

// signable tells whether a check can have this shared secret. Any text can be one; a line break is that of a file.
func signable(secret string) error {
	if strings.ContainsFunc(secret, unicode.IsControl) {
		return errors.New("it holds a line break or another control character; give the secret alone")
	}
	return nil
}

// serverURL checks the address of a server to go to.
func serverURL(given string) error {
	if err := conformance.CheckURL(given); err != nil {
		return err
	}
	u, err := url.Parse(strings.TrimSpace(given))
	if err != nil {
		return err
	}
	if port := u.Port(); port != "" && !isPort(port, 1) {
		return fmt.Errorf("the port of %s is no number from 1 to 65535", u.Host)
	}
	return nil
}

// serviceURL checks the address of a service that takes deliveries.
func serviceURL(given string) error {
	if u, err := url.Parse(strings.TrimSpace(given)); err != nil || u.Host == "" || u.Scheme != "http" &&
		u.Scheme != "https" {
		return fmt.Errorf("%q is no address of a service; give one such as http://127.0.0.1:3000/",
			strictyaml.WithoutSecrets(given))
	}
	return serverURL(given)
}

// ownURL checks an address under which others know a server.
func ownURL(given string) error {
	if err := serverURL(given); err != nil {
		return err
	}
	if strings.HasSuffix(strings.TrimRight(given, "/"), apiPath) {
		return fmt.Errorf("leave %s away; links get it by themselves", apiPath)
	}
	return nil
}

func isPort(text string, least int) bool {
	port, err := strconv.Atoi(text)
	return err == nil && port >= least && port <= 65535
}

// hostPort checks an address to listen at.
func hostPort(given string) error {
	_, port, err := net.SplitHostPort(given)
	switch {
	case err != nil:
		return errors.New("write host:port, such as 127.0.0.1:8929, with port 0 for a free one")
	case !isPort(port, 0):
		return errors.New("the port is a number from 0 to 65535")
	}
	return nil
}

// listenAddress checks an address to listen at, which may be a socket.
func listenAddress(given string) error {
	if socket, is := strings.CutPrefix(given, unixPrefix); is {
		if socket == "" {
			return errors.New("it lacks the path of the socket: write unix:/path/to/socket")
		}
		return nil
	}
	if _, _, err := net.SplitHostPort(given); err != nil {
		return errors.New("write host:port, such as 127.0.0.1:8929, with port 0 for a free one, or unix:PATH for a " +
			"socket")
	}
	return hostPort(given)
}

// readable checks the path of a file to read.
func readable(given string) error {
	info, err := os.Stat(given)
	switch {
	case err != nil:
		return fmt.Errorf("the file cannot be read: %v", withoutPath(err)) //nolint:errorlint // its path is told already
	case info.IsDir():
		return errors.New("it is a folder; name a file")
	}
	return nil
}

// writable checks the path of a file to write. A new one takes the place of an old one, so that its folder counts.
func writable(given string) error {
	there, err := os.Stat(given)
	if err == nil && there.IsDir() {
		return errors.New("it is a folder; name a file in it")
	}
	folder := filepath.Dir(given)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s to write into; make it, or name another file", folder)
	}
	if err == nil && !there.Mode().IsRegular() { // as a pipe, which is written to as it is
		return nil
	}
	draft, err := os.CreateTemp(folder, ".statuschecks-*")
	if err != nil {
		return errors.New("no file can be made in " + folder + ": " + withoutPath(err).Error() +
			"; name another folder")
	}
	return errors.Join(draft.Close(), os.Remove(draft.Name()))
}

// creatable checks the path of a file to write, whose folder is made if need be.
func creatable(given string) error {
	if info, err := os.Stat(given); err == nil && info.IsDir() {
		return errors.New("it is a folder; name a file in it")
	}
	for folder := filepath.Dir(given); ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is a file, and no folder to write into; name another file", folder)
		}
		if err == nil || folder == filepath.Dir(folder) {
			return nil
		}
	}
}

// folder checks the path of a folder to read.
func folder(given string) error {
	info, err := os.Stat(given)
	switch {
	case err != nil:
		return fmt.Errorf("the folder cannot be read: %v", withoutPath(err)) //nolint:errorlint // likewise
	case !info.IsDir():
		return errors.New("it is a file; name the folder that it is in")
	}
	return nil
}

// withoutPath is what the system says of a file, without repeating which file.
func withoutPath(err error) error {
	var onPath *os.PathError
	var onLink *os.LinkError
	switch {
	case errors.As(err, &onPath):
		return onPath.Err
	case errors.As(err, &onLink):
		return onLink.Err
	}
	return err
}

var fullPath = lazy.Regexp(`^[\pL\pN_.][\pL\pN_.\- ]*(/[\pL\pN_.][\pL\pN_.\-]*)*$`)

// maxPath is what GitLab takes of a path with its groups, and more.
const maxPath = 4096

// idOrPath checks what names a project or a group.
func idOrPath(given string) error {
	if _, err := strconv.ParseFloat(given, 64); err == nil {
		if id, err := strconv.ParseInt(given, 10, 64); err != nil || id < 1 {
			return errors.New("an id is a whole number from 1; write one, or the full path, such as group/name")
		}
		return nil
	}
	if len(given) > maxPath || !fullPath().MatchString(given) {
		return errors.New("write an id such as 42, or a full path such as group/name")
	}
	return nil
}

// pattern checks what chooses scenarios. Whether it fits one is for the suite to say, which has them.
func pattern(given string) error {
	if _, err := path.Match(strings.TrimPrefix(given, "!"), ""); err != nil || given == "!" {
		return fmt.Errorf("%q is no pattern; write an id, a glob over ids such as retry.*, an area or a tag, with ! "+
			"before it to leave out", given)
	}
	return nil
}

// level checks the word for a level.
func level(given string) error {
	if known := levelNames(); !slices.Contains(known, given) {
		return fmt.Errorf("write one of %s%s", strings.Join(known, ", "), strictyaml.DidYouMean(given, known))
	}
	return nil
}

func levelNames() []string {
	var names []string
	for _, l := range scenario.Levels {
		names = append(names, string(l))
	}
	return names
}

// profileName checks the name or the path of a profile.
func profileName(given string) error {
	if isProfileFile(given) {
		return readable(given)
	}
	_, err := readProfile(given)
	return err
}

// serverWord checks how diff names a server.
func serverWord(given string) error {
	word, version, isVersion := strings.Cut(given, "@")
	extension := filepath.Ext(given)
	switch {
	case word == builtinWord && isVersion:
		return (&releaseFlag{}).Set(version)
	case word == builtinWord:
		return nil
	case extension == ".yaml" || extension == ".yml":
		return readable(given)
	}
	if serverURL(given) != nil {
		return errors.New("write a URL such as https://gitlab.example.com, a target file that ends in .yaml, or " +
			"builtin for the built-in mock")
	}
	return serverURL(given)
}

package conformance

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// TargetFile describes a server and the options for testing it. It is stored in a file.
type TargetFile struct {
	URL   string
	Token *SecretSource // nil when the file does not say
	TLSCA string        // path of a PEM file, from the file's own folder

	Namespace    string // an id or a full path
	Project      string // an id or a full path
	OtherProject string
	Tokens       map[scenario.Role]SecretSource // of people, by role

	ReceiverURL, ReceiverListen string

	Profile string
	Jobs    int     // 0 when the file does not say
	Rate    float64 // 0 when the file does not say
	Timeout time.Duration
	// Patience and MaxWait are nil when the file does not say; a negative MaxWait means any.
	Patience, MaxWait *time.Duration
}

// Bounds of what a target file, or the user of a command, may ask of a run.
const (
	MaxJobs   = 1000 // scenarios at a time: more than any server answers side by side
	MinRate   = 0.01 // requests per second
	MaxRate   = 100_000
	MaxPeriod = 24 * time.Hour // for one request, one poll or one scenario
)

// SecretSource says where a secret is: in the target file, in an environment variable, or in another file.
type SecretSource struct {
	Position scenario.Position
	Text     string
	Env      string // name of the variable
	File     string // path, from the target file's folder
}

var targetKeys = map[string][]string{
	"target": {
		"url", "token", "tls_ca", "namespace", "project", "other_project", "tokens", "receiver", "profile", "jobs",
		"rate", "timeout",
		"patience", "max_wait",
	},
	"receiver": {"url", "listen"},
	"secret":   {"env", "file"},
}

// tokenRoles are the roles whose tokens can be given by hand.
var tokenRoles = []string{
	string(scenario.Stranger), string(scenario.Guest), string(scenario.Planner), string(scenario.Reporter),
	string(scenario.Developer),
	string(scenario.Maintainer), string(scenario.Owner),
}

// targetReader reads target files.
type targetReader struct{ reader.Reader }

// ReadTarget reads a target file. It is strict, and a *LoadError contains all problems. The error shows no secret.
func ReadTarget(name string, data []byte) (*TargetFile, error) {
	p := reader.NewProblems(name, data)
	file := &TargetFile{Tokens: map[scenario.Role]SecretSource{}}
	root := reader.Parse(data, p)
	found := newSecrets()
	if root != nil {
		hideSecrets(root, p, found)
		(&targetReader{reader.Reader{P: p}}).target(root, file)
	}
	wrong := reader.Found(p, scenario.NewProblem)
	for i := range wrong {
		wrong[i].Message = found.redact(wrong[i].Message)
	}
	return file, scenario.NewLoadError(wrong)
}

// hideSecrets keeps what stands below an unknown key out of excerpts, as the key may be a misspelt token, and finds
// what is a secret in messages.
func hideSecrets(root *reader.Node, p *reader.Problems, found *secrets) {
	for _, pair := range root.Pairs {
		key := pair.Key
		unknown := !slices.Contains(targetKeys["target"], key.Text)
		if unknown {
			p.HideAfter(strictyaml.Pair{Key: key.Text, Place: strictyaml.Place{Line: key.Line, Column: key.Column}})
		}
		if unknown || key.Text == "token" || key.Text == "tokens" {
			eachText(pair.Value, func(text string) { found.add(text, "…") })
		}
	}
}

// eachText visits the values below a node that are neither the name of a variable nor a path.
func eachText(n *reader.Node, visit func(string)) {
	if n.IsScalar {
		visit(n.Text)
	}
	for _, item := range n.Items {
		eachText(item, visit)
	}
	for _, p := range n.Pairs {
		if !slices.Contains(targetKeys["secret"], p.Key.Text) {
			eachText(p.Value, visit)
		}
	}
}

func (d *targetReader) target(root *reader.Node, file *TargetFile) {
	fields := d.Among(root, "a target file", targetKeys["target"])
	file.URL = d.Text(fields["url"], "url")
	if file.URL != "" {
		if _, err := instanceRoot(file.URL); err != nil {
			d.P.At(fields["url"], "%s", err)
		}
	}
	file.Token = d.secret(fields["token"], "token")
	file.TLSCA, file.Profile = d.Text(fields["tls_ca"], "tls_ca"), d.Text(fields["profile"], "profile")
	file.Namespace = d.idOrPath(fields["namespace"], "namespace")
	file.Project = d.idOrPath(fields["project"], "project")
	file.OtherProject = d.idOrPath(fields["other_project"], "other_project")
	if file.OtherProject != "" && file.Project == "" {
		d.P.At(fields["other_project"], "other_project stands beside project; name the project to work in, too")
	}
	if file.Namespace != "" && file.Project != "" {
		d.P.At(fields["namespace"], "namespace says where to make projects, and with project none is made; leave "+
			"one of them out")
	}
	d.tokens(fields["tokens"], file)
	receiver := d.Among(fields["receiver"], "receiver", targetKeys["receiver"])
	file.ReceiverURL, file.ReceiverListen = d.Text(receiver["url"], "url"), d.Text(receiver["listen"], "listen")
	file.Jobs = d.jobs(fields["jobs"])
	file.Rate = d.rate(fields["rate"])
	file.Timeout = d.period(fields["timeout"], "timeout")
	if n := fields["patience"]; n != nil {
		patience := d.period(n, "patience")
		file.Patience = &patience
	}
	d.maxWait(fields["max_wait"], file)
}

func (d *targetReader) maxWait(n *reader.Node, file *TargetFile) {
	if n == nil {
		return
	}
	wait := time.Duration(-1)
	if text := d.Text(n, "max_wait"); text != "any" {
		length, err := time.ParseDuration(text)
		if err != nil || length < 0 || length > MaxPeriod {
			d.P.At(n, "max_wait must be a length of time such as 0s or 3m, %dh at most, or any", MaxPeriod/time.Hour)
			return
		}
		wait = length
	}
	file.MaxWait = &wait
}

func (d *targetReader) tokens(n *reader.Node, file *TargetFile) {
	if n == nil {
		return
	}
	for role, value := range d.Among(n, "tokens", tokenRoles) {
		if source := d.secret(value, "the token of "+role); source != nil {
			file.Tokens[scenario.Role(role)] = *source
		}
	}
}

// secret reads text, or {env: NAME}, or {file: PATH}.
func (d *targetReader) secret(n *reader.Node, what string) *SecretSource {
	if n == nil {
		return nil
	}
	source := &SecretSource{Position: scenario.Position{File: d.P.File, Line: n.Line, Column: n.Column}}
	if !n.IsMapping() {
		if source.Text = d.Text(n, what); n.IsScalar && strings.TrimSpace(source.Text) == "" {
			d.P.At(n, "%s is empty; write it, or {env: NAME} for an environment variable, or {file: PATH} for a "+
				"file with it", what)
		}
		return source
	}
	fields := d.Among(n, what, targetKeys["secret"])
	source.Env, source.File = d.Text(fields["env"], "env"), d.Text(fields["file"], "file")
	if (source.Env == "") == (source.File == "") {
		d.P.At(n, "%s must be text, {env: NAME} for an environment variable, or {file: PATH} for a file with it", what)
	}
	return source
}

// idOrPath reads a number or a text.
func (d *targetReader) idOrPath(n *reader.Node, what string) string {
	if n == nil {
		return ""
	}
	if id, isNumber := n.Value.(int64); n.IsScalar && isNumber && id > 0 {
		return strconv.FormatInt(id, 10)
	}
	text := d.Text(n, what)
	if slices.Contains([]string{"", "/"}, strings.TrimSpace(text)) {
		d.P.At(n, "%s must be an id such as 42 or a full path such as group/name", what)
	}
	return text
}

// period reads a length of time that a run may take for something.
func (d *targetReader) period(n *reader.Node, what string) time.Duration {
	length := d.Duration(n, what)
	if length > MaxPeriod {
		d.P.At(n, "%s is too long; write %dh or less", what, MaxPeriod/time.Hour)
		return 0
	}
	return length
}

func (d *targetReader) jobs(n *reader.Node) int {
	if n == nil {
		return 0
	}
	number, isWhole := n.Value.(int64)
	if !n.IsScalar || !isWhole || number < 1 || number > MaxJobs {
		d.P.At(n, "jobs must be a whole number from 1 to %d", MaxJobs)
		return 0
	}
	return int(number)
}

func (d *targetReader) rate(n *reader.Node) float64 {
	if n == nil {
		return 0
	}
	number, isNumber := jsonvalue.Float(n.Value)
	if !n.IsScalar || !isNumber || !(number >= MinRate && number <= MaxRate) {
		d.P.At(n, "rate must be a number from %g to %d; leave it out for no limit", MinRate, MaxRate)
		return 0
	}
	return number
}

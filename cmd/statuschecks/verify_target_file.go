package main

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// takeTarget fills from the target file what flags, environment and settings left open.
func (o *verifyOptions) takeTarget(sys system, flags *pflag.FlagSet) error {
	if o.target == "" {
		return nil
	}
	if o.builtin {
		return wrongUsage("--builtin judges the built-in mock, so --target does not go with it; give one or the other")
	}
	data, err := fileOfFlag(o.target, "target file", "target")
	if err != nil {
		return err
	}
	file, err := conformance.ReadTarget(o.target, data)
	if err != nil {
		return err
	}
	open := func(flag string) bool { return !flags.Changed(flag) }
	for flag, pair := range map[string]struct {
		into *string
		from string
	}{
		"url": {&o.url, file.URL}, "namespace": {&o.namespace, file.Namespace}, "project": {&o.project, file.Project},
		"other-project": {&o.otherProject, file.OtherProject}, "receiver-url": {&o.receiverURL, file.ReceiverURL},
		"receiver-listen": {&o.receiverListen, file.ReceiverListen}, "tls-ca": {&o.caFile, o.beside(file.TLSCA)},
		"profile": {&o.profile, o.profileBeside(file.Profile)},
	} {
		if pair.from != "" && open(flag) {
			*pair.into = pair.from
		}
	}
	o.takePace(file, open)
	return o.takeTokens(sys, file, open("token"))
}

func (o *verifyOptions) takePace(file *conformance.TargetFile, open func(string) bool) {
	if file.Jobs > 0 && open("jobs") {
		o.jobs = file.Jobs
	}
	if file.Rate > 0 && open("rate") {
		o.rate = file.Rate
	}
	if file.Timeout > 0 && open("timeout") {
		o.timeout.length = file.Timeout
	}
	if file.Patience != nil && open("patience") {
		o.patience.length = *file.Patience
	}
	if file.MaxWait != nil && open("max-wait") {
		o.maxWait.length = *file.MaxWait
	}
}

// beside is a path that a target file names, from the file's own folder.
func (o *verifyOptions) beside(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(o.target), path)
}

func (o *verifyOptions) profileBeside(name string) string {
	if isProfileFile(name) {
		return o.beside(name)
	}
	return name
}

func (o *verifyOptions) takeTokens(sys system, file *conformance.TargetFile, open bool) error {
	if file.Token != nil && open {
		token, err := o.secret(sys, *file.Token)
		if err != nil {
			return err
		}
		o.token = token
	}
	o.tokens = map[scenario.Role]string{}
	for role, source := range file.Tokens {
		token, err := o.secret(sys, source)
		if err != nil {
			return err
		}
		o.tokens[role] = token
	}
	return nil
}

// secret gets a secret from where the target file says.
func (o *verifyOptions) secret(sys system, source conformance.SecretSource) (string, error) {
	switch {
	case source.Env != "":
		i := slices.IndexFunc(sys.environ, func(entry string) bool { return strings.HasPrefix(entry, source.Env+"=") })
		if i < 0 || len(sys.environ[i]) == len(source.Env)+1 {
			return "", wrongUsage("%s: the environment variable %s is not set; set it to a token", source.Position,
				source.Env)
		}
		return strings.TrimSpace(sys.environ[i][len(source.Env)+1:]), nil
	case source.File != "":
		data, err := readFile(o.beside(source.File))
		if err != nil {
			return "", wrongUsage("%s: the token cannot be read: %w", source.Position, err)
		}
		if text := strings.TrimSpace(string(data)); text != "" {
			return text, nil
		}
		return "", wrongUsage("%s: the file %s is empty; write a token into it", source.Position, o.beside(source.File))
	}
	return strings.TrimSpace(source.Text), nil
}

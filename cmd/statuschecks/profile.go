package main

import (
	"path/filepath"
	"strings"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/profiles"
)

// isProfileFile tells the path of a profile from the name of one that comes with the program.
func isProfileFile(name string) bool {
	extension := filepath.Ext(name)
	return strings.ContainsAny(name, `/\`) || extension == ".yaml" || extension == ".yml"
}

// readProfile reads the profile asked for; nil when none is.
func readProfile(name string) (*conformance.Profile, error) {
	switch {
	case name == "":
		return nil, nil
	case isProfileFile(name):
		data, err := fileOfFlag(name, "profile", "profile")
		if err != nil {
			return nil, err
		}
		return conformance.ReadProfile(name, data)
	}
	data, found := profiles.Read(name)
	if !found {
		return nil, wrongUsage("there is no profile %q%s; there are %s, and a file of your own is named by its path,"+
			" as in ./%s.yaml",
			name, strictyaml.DidYouMean(name, profiles.Names()), strings.Join(profiles.Names(), ", "), name)
	}
	return conformance.ReadProfile("profiles/"+name+".yaml", data)
}

// readBaseline reads an earlier report; nil when none is asked for.
func readBaseline(path string) (*conformance.Report, error) {
	if path == "" {
		return nil, nil
	}
	data, err := fileOfFlag(path, "earlier report", "baseline")
	if err != nil {
		return nil, err
	}
	return conformance.ReadReport(path, data)
}

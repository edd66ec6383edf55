package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"gotest.tools/v3/assert"
)

// TestReleaseConfiguration_buildsAsDistDoes holds that goreleaser builds what dist builds.
func TestReleaseConfiguration_buildsAsDistDoes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../.goreleaser.yaml")
	assert.NilError(t, err)
	var c struct {
		Dist   string
		Builds []struct {
			Env, Flags, Ldflags, Goos, Goarch []string
		}
		Archives []struct {
			Files []struct{ Src, Dst string }
		}
		Sboms []struct{ Args []string }
	}
	assert.NilError(t, yaml.Unmarshal(text, &c))
	assert.Equal(t, len(c.Builds), 1)
	assert.Equal(t, c.Archives[0].Files[0].Dst, ".", "without dst the files would be below bin/contents")
	b := c.Builds[0]
	assert.Assert(t, strings.HasPrefix(c.Dist, "bin/"), "goreleaser deletes this folder: %s", c.Dist)
	assert.DeepEqual(t, b.Ldflags, []string{linkerFlags("{{ .Version }}")})
	assert.DeepEqual(t, append([]string{"build"}, b.Flags...), buildFlags)
	assert.DeepEqual(t, b.Env, buildEnvironment)
	var all []string
	for _, system := range b.Goos {
		for _, processor := range b.Goarch {
			all = append(all, system+"/"+processor)
		}
	}
	assert.Equal(t, strings.Join(all, ","), platforms)
	assert.Assert(t, slices.Contains(c.Sboms[0].Args, sbomTool), c.Sboms[0].Args)
}

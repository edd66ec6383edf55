// Command image makes an OCI image of the program, for several platforms, without a container engine. Two runs with the
// same programs give the same bytes.
package main

import (
	"archive/tar"
	"bytes"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// nobody is the user that the program runs as, by number because the image has no list of users.
const nobody = 65532

// image is what an image is made of.
type image struct {
	version, revision string
	time              time.Time
	programs          string // folder with linux-amd64/statuschecks and so on, as dist makes it
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("image: ")
	var i image
	flag.StringVar(&i.version, "version", "", "version of the release")
	flag.StringVar(&i.revision, "revision", "", "commit that it is built from")
	flag.StringVar(&i.programs, "programs", "", "folder with the programs, by platform")
	at := flag.Int64("time", 0, "time of all files, in seconds since 1970")
	out := flag.String("out", "", "folder for the image, in OCI's layout; what is in it is deleted")
	flag.Parse()
	if i.version == "" || i.programs == "" || *out == "" {
		log.Fatal("-version, -programs and -out are needed; make image gives them")
	}
	i.time = time.Unix(*at, 0).UTC()
	if err := i.write(*out); err != nil {
		log.Fatal(err)
	}
}

// write writes the layout: the version names the image of all platforms, and with a platform behind it that of one.
func (i *image) write(out string) error {
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	written, err := layout.Write(out, empty.Index)
	if err != nil {
		return err
	}
	folders, err := filepath.Glob(filepath.Join(i.programs, "linux-*"))
	if err != nil || len(folders) == 0 {
		return fmt.Errorf("there are no programs for Linux in %s: %w", i.programs, err)
	}
	slices.Sort(folders)
	all := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, folder := range folders {
		processor := filepath.Base(folder)[len("linux-"):]
		made, err := i.of(folder, processor)
		if err != nil {
			return err
		}
		on := v1.Platform{OS: "linux", Architecture: processor}
		all = mutate.AppendManifests(all, mutate.IndexAddendum{Add: made, Descriptor: v1.Descriptor{Platform: &on}})
		if err := written.AppendImage(made, layout.WithPlatform(on), i.named(i.version+"-"+processor)); err != nil {
			return err
		}
	}
	return written.AppendIndex(all, i.named(i.version))
}

func (i *image) named(name string) layout.Option {
	return layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": name})
}

// of is the image for a platform: one layer on nothing.
func (i *image) of(folder, processor string) (v1.Image, error) {
	content, err := i.layer(folder)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	base := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	made, err := mutate.Append(base, mutate.Addendum{
		Layer: layer, History: v1.History{Created: v1.Time{Time: i.time}, CreatedBy: "make image"},
	})
	if err != nil {
		return nil, err
	}
	config, err := made.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", processor, v1.Time{Time: i.time}
	config.Config = i.config()
	return mutate.ConfigFile(made, config)
}

// config is how the image is run.
func (i *image) config() v1.Config {
	return v1.Config{
		User:         fmt.Sprintf("%d:%d", nobody, nobody),
		Entrypoint:   []string{"/statuschecks"},
		Cmd:          []string{"serve", "--listen", "0.0.0.0:8929"},
		Env:          []string{"PATH=/"},
		WorkingDir:   "/tmp",
		ExposedPorts: map[string]struct{}{"8929/tcp": {}},
		Healthcheck: &v1.HealthConfig{
			Test:     []string{"CMD", "/statuschecks", "ready"},
			Interval: 5 * time.Second, Timeout: 2 * time.Second, StartPeriod: time.Second, Retries: 3,
		},
		Labels: map[string]string{
			"org.opencontainers.image.title":       "statuschecks",
			"org.opencontainers.image.description": "A mock of GitLab's External Status Checks API",
			"org.opencontainers.image.version":     i.version,
			"org.opencontainers.image.revision":    i.revision,
			"org.opencontainers.image.created":     i.time.Format(time.RFC3339),
			"org.opencontainers.image.licenses":    "MIT",
			"org.opencontainers.image.source":      "https://github.com/statuschecks/statuschecks",
		},
	}
}

// layer has the program, its licences, and a folder for temporary files.
func (i *image) layer(folder string) ([]byte, error) {
	var packed bytes.Buffer
	w := tar.NewWriter(&packed)
	tmp := tar.Header{Typeflag: tar.TypeDir, Name: "tmp/", Mode: 0o1777, ModTime: i.time}
	if err := w.WriteHeader(&tmp); err != nil {
		return nil, err
	}
	for _, f := range []struct {
		name string
		mode int64
	}{{"statuschecks", 0o755}, {"LICENSE", 0o644}, {"NOTICES", 0o644}} {
		content, err := os.ReadFile(filepath.Join(folder, f.name))
		if err != nil {
			return nil, err
		}
		header := tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(content)), ModTime: i.time}
		if err := w.WriteHeader(&header); err != nil {
			return nil, err
		}
		if _, err := w.Write(content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return packed.Bytes(), err
}

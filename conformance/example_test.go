package conformance_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// server is a mock of a release in this process. An administrator of the default world creates what scenarios need.
func server(version release.Version) conformance.Target {
	gitlab, err := mockserver.New(mockserver.Options{BaseURL: "http://gitlab.invalid", Version: version})
	if err != nil {
		panic(err)
	}
	return conformance.Target{
		URL: "http://gitlab.invalid", Token: seed.AdminToken, Transport: conformance.InProcess(gitlab),
	}
}

// some are options that choose a few scenarios.
func some(patterns ...string) conformance.RunOptions {
	return conformance.RunOptions{Selection: conformance.Selection{Only: patterns}, RunID: "example"}
}

func ExampleRun() {
	options := some("retry.passed", "retry.order.*")
	report, err := conformance.Run(context.Background(), server(release.Reference), options)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Target.Name(), "is", report.Verdict)
	for _, result := range report.Scenarios {
		fmt.Println(result.Outcome, result.ID)
	}
	// Output:
	// GitLab 18.9 is conformant
	// passed retry.passed
	// passed retry.order.merge-request-before-ability
	// passed retry.order.ability-before-check
	// passed retry.order.parameters-before-merge-request
}

func ExampleReport_WriteText() {
	report, err := conformance.Run(context.Background(), server(release.Reference), some("retry.passed"))
	if err != nil {
		fmt.Println(err)
		return
	}
	report.Run.Seconds, report.Run.Catalogue.Scenarios = 0.01, 1 // so that the example is always the same
	if err := report.WriteText(os.Stdout, conformance.TextOptions{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// GitLab 18.9 at http://gitlab.invalid: 1 passed, 0 failed, 0 errors, 0 differ, 0 skipped in 10ms
	// conformant
}

func ExampleLook() {
	preview, err := conformance.Look(context.Background(), server(release.Reference), some("retry.passed"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, thing := range preview.Makes {
		fmt.Println("once:", thing)
	}
	for _, scenario := range preview.Scenarios {
		fmt.Println(scenario.ID, "sends", len(scenario.Sends), "requests and needs", scenario.Makes)
	}
	// Output:
	// once: private project statuschecks-example-shared-private
	// once: project access token for developer in each project where one is needed
	// retry.passed sends 2 requests and needs [check qa merge request to main by creator]
}

func ExampleReadVersion() {
	version, err := conformance.ReadVersion(context.Background(), server(release.Of(16, 4)), conformance.RunOptions{})
	fmt.Println(version, err)
	// Output:
	// 16.4 <nil>
}

func ExampleCompare() {
	older, newer := server(release.Of(15, 7)), server(release.Reference)
	comparison, err := conformance.Compare(context.Background(), older, newer, some("retry.passed", "retry.pending"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(comparison.Differences), "differ,", comparison.Same, "do not")
	for _, one := range comparison.NotCompared {
		fmt.Println(one.ID, "was not compared,", one.Reason)
	}
	// Output:
	// 1 differ, 0 do not
	// retry.pending was not compared, A: since GitLab 16.5, the target is 15.7
}

func ExampleExplore() {
	options := conformance.ExploreOptions{Seed: 7, Steps: 5, Run: conformance.RunOptions{RunID: "example"}}
	target, reference := server(release.Reference), server(release.Reference)
	exploration, err := conformance.Explore(context.Background(), target, reference, options)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(exploration.Steps, "steps, difference:", exploration.Divergence != nil)
	// Output:
	// 5 steps, difference: false
}

func ExampleCleanUp() {
	folder, err := os.MkdirTemp("", "ledger")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	target, options := server(release.Reference), some("retry.passed")
	options.Keep, options.Ledger = true, filepath.Join(folder, "run.ledger")
	if _, err := conformance.Run(context.Background(), target, options); err != nil {
		fmt.Println(err)
		return
	}
	cleaned, err := conformance.CleanUp(context.Background(), target, options.Ledger, conformance.RunOptions{})
	if err != nil {
		fmt.Println(err)
	}
	for _, thing := range cleaned.Removed {
		fmt.Println("removed", thing)
	}
	// Output:
	// removed project 7 (root/statuschecks-example-shared-private)
}

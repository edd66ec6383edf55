package seed_test

import (
	"fmt"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// All problems of a document are reported at once, with their places.
func ExampleParse() {
	_, err := seed.Parse("world.yaml", []byte(`
users:
  - username: ada
projects:
  - path: ad/engine
`))
	fmt.Println(err)
	// Output:
	// world.yaml:5:11: there is no group or user "ad" in the seed (did you mean ada?)
	//     5 |   - path: ad/engine
	//       |           ^
}

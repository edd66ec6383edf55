package graphql

import (
	"fmt"
	"strings"
)

// testID reads identifiers of a class, as the mock does.
func testID(model string) Scalar {
	return func(given any) (any, error) {
		text, isText := given.(string)
		shown := fmt.Sprintf("%q", text)
		if !isText {
			shown = fmt.Sprint(given)
		}
		app, rest, _ := strings.Cut(strings.TrimPrefix(text, "gid://"), "/")
		switch {
		case !strings.HasPrefix(text, "gid://"):
			return nil, fmt.Errorf("%s is not a valid Global ID", shown)
		case app != "gitlab":
			return nil, fmt.Errorf("%s is not a Gitlab Global ID", shown)
		case !strings.HasPrefix(rest, model+"/"):
			return nil, fmt.Errorf("%s does not represent an instance of %s", shown, model)
		}
		return text, nil
	}
}

package gitlab

// Choice is a yes or no that may also never have been made.
type Choice int8

// The choices. Unset is what GitLab shows as null.
const (
	Unset Choice = iota
	No
	Yes
)

// ChoiceOf is the choice that somebody made.
func ChoiceOf(yes bool) Choice {
	if yes {
		return Yes
	}
	return No
}

// Chosen is the choice that a parameter brings: Unset for nil.
func Chosen(yes *bool) Choice {
	if yes == nil {
		return Unset
	}
	return ChoiceOf(*yes)
}

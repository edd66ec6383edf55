package gitlab

// Choice is a yes or a no, or unset if nobody has chosen.
type Choice int8

// The choices. Unset is what GitLab shows as null.
const (
	Unset Choice = iota
	No
	Yes
)

// ChoiceOf turns a bool into Yes or No.
func ChoiceOf(yes bool) Choice {
	if yes {
		return Yes
	}
	return No
}

// Chosen turns an optional parameter into a Choice: nil becomes Unset.
func Chosen(yes *bool) Choice {
	if yes == nil {
		return Unset
	}
	return ChoiceOf(*yes)
}

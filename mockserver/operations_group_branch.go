package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var groupBranchOperations = map[string]operation{
	"listGroupProtectedBranches": ownersOfGroup(listGroupBranches),
	"createGroupProtectedBranch": ownersOfGroup(createGroupBranch),
	"getGroupProtectedBranch":    ownersOfGroup(onGroupBranch(getGroupBranch)),
	"updateGroupProtectedBranch": ownersOfGroup(onGroupBranch(updateGroupBranch)),
	"deleteGroupProtectedBranch": ownersOfGroup(onGroupBranch(deleteGroupBranch)),
}

// ownersOfGroup makes an operation on the group that the path names, for callers who may administer it. It checks that
// before it looks at the parameters.
func ownersOfGroup(run func(*call, *gitlab.Tx) (reply, error)) operation {
	return operation{run: run, before: func(c *call, tx *gitlab.Tx) (err error) {
		c.group, err = c.administeredGroup(tx)
		return err
	}}
}

// onGroupBranch applies do to the rule that the path names, and shows the result.
func onGroupBranch(do func(*call, *gitlab.Tx, gitlab.ProtectedBranch) (gitlab.ProtectedBranch, error)) func(*call,
	*gitlab.Tx) (reply, error) {
	return func(c *call, tx *gitlab.Tx) (reply, error) {
		b, err := tx.GroupProtectedBranch(c.group, c.params.text("name"))
		if err != nil {
			return reply{}, err
		}
		if b, err = do(c, tx, b); err != nil {
			return reply{}, err
		}
		return reply{status: http.StatusOK, body: presentGroupBranch(tx, b)}, nil
	}
}

func listGroupBranches(c *call, tx *gitlab.Tx) (reply, error) {
	rules := kept(tx.GroupProtectedBranches(c.group),
		func(b gitlab.ProtectedBranch) bool { return mentions(c.params.text("search"), b.Name) })
	return listed(c, tx, rules, func(b gitlab.ProtectedBranch) groupBranchEntity { return presentGroupBranch(tx, b) })
}

func createGroupBranch(c *call, tx *gitlab.Tx) (reply, error) {
	b, err := tx.ProtectGroupBranch(c.group, c.params.text("name"), c.protectedBranchChange())
	if err != nil {
		return reply{}, err
	}
	return created(presentGroupBranch(tx, b))
}

func getGroupBranch(_ *call, _ *gitlab.Tx, b gitlab.ProtectedBranch) (gitlab.ProtectedBranch, error) {
	return b, nil
}

func updateGroupBranch(c *call, tx *gitlab.Tx, b gitlab.ProtectedBranch) (gitlab.ProtectedBranch, error) {
	return tx.ChangeGroupBranch(b, c.protectedBranchChange())
}

func deleteGroupBranch(_ *call, tx *gitlab.Tx, b gitlab.ProtectedBranch) (gitlab.ProtectedBranch, error) {
	tx.DeleteProtectedBranch(b)
	return b, nil
}

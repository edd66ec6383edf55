package mockserver

import "maps"

// operations is what the mock does for each operation of the contract. A test holds the two sets together.
var operations = collect(
	statusCheckOperations, userOperations, groupOperations, groupBranchOperations, projectOperations, memberOperations,
	memberRoleOperations, tokenOperations,
	repositoryOperations, protectedBranchOperations, mergeRequestOperations, approvalOperations, noteOperations,
	auditOperations, graphQLOperations,
)

func collect(groups ...map[string]operation) map[string]operation {
	all := map[string]operation{}
	for _, g := range groups {
		maps.Copy(all, g)
	}
	return all
}

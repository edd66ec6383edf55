package mockserver

import "maps"

// operations maps each operation of the contract to what the mock does. A test checks that neither has more than the
// other.
var operations = collect(
	statusCheckOperations, userOperations, groupOperations, groupBranchOperations, projectOperations, memberOperations,
	memberRoleOperations, tokenOperations, hookOperations, hookEventOperations,
	repositoryOperations, treeOperations, commitStatusOperations, pipelineOperations,
	protectedBranchOperations, mergeRequestOperations, mergeTrainOperations, diffOperations,
	approvalOperations, noteOperations, labelOperations, auditOperations, graphQLOperations,
)

func collect(groups ...map[string]operation) map[string]operation {
	all := map[string]operation{}
	for _, g := range groups {
		maps.Copy(all, g)
	}
	return all
}

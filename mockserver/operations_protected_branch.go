package mockserver

var protectedBranchOperations = map[string]operation{}

package mockserver

var repositoryOperations = map[string]operation{}

package mockserver

var mergeRequestOperations = map[string]operation{}

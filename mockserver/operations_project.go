package mockserver

var projectOperations = map[string]operation{}

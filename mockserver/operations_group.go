package mockserver

var groupOperations = map[string]operation{}

package mockserver

var userOperations = map[string]operation{}

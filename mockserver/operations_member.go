package mockserver

var memberOperations = map[string]operation{}

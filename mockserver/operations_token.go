package mockserver

var tokenOperations = map[string]operation{}

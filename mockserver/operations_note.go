package mockserver

var noteOperations = map[string]operation{}

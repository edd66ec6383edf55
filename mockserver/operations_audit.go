package mockserver

var auditOperations = map[string]operation{}

package jq

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
)

// toFilter copies a value into the types that filters know.
func toFilter(value any) (any, error) {
	switch value := value.(type) {
	case nil, bool, string, int, float64:
		return value, nil
	case int64:
		if int64(int(value)) == value {
			return int(value), nil
		}
		return big.NewInt(value), nil
	case *jsonvalue.Object:
		if value == nil {
			return nil, nil
		}
		return membersToFilter(value.Members)
	case map[string]any:
		return membersToFilter(value)
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			var err error
			if items[i], err = toFilter(item); err != nil {
				return nil, err
			}
		}
		return items, nil
	}
	return nil, fmt.Errorf("a filter cannot take a value of the type %T", value)
}

func membersToFilter(from map[string]any) (any, error) {
	members := make(map[string]any, len(from))
	for key, member := range from {
		var err error
		if members[key], err = toFilter(member); err != nil {
			return nil, err
		}
	}
	return members, nil
}

// fromFilter copies a result into the types of a body: whole numbers are int64.
func fromFilter(value any) (any, error) {
	switch value := value.(type) {
	case int:
		return int64(value), nil
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return nil, errors.New("it gives a number that JSON does not have")
		}
		return value, nil
	case *big.Int:
		return fromFilter(json.Number(value.String()))
	case json.Number:
		number, err := jsonvalue.Parse([]byte(value))
		if text, isText := number.(string); isText || err != nil {
			return nil, fmt.Errorf("it gives a number that is too large: %.40s", text)
		}
		return number, nil
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			var err error
			if items[i], err = fromFilter(item); err != nil {
				return nil, err
			}
		}
		return items, nil
	case map[string]any:
		members := make(map[string]any, len(value))
		for key, member := range value {
			var err error
			if members[key], err = fromFilter(member); err != nil {
				return nil, err
			}
		}
		return members, nil
	}
	return value, nil
}

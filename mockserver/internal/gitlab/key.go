package gitlab

import (
	"encoding/binary"
	"strings"
	"time"
)

// key joins the parts of a key. Keys sort as their parts do: numbers by value, text by bytes, times by instant. A part
// is never the beginning of another one of its type.
//
// It is so short that it becomes a part of its callers: one who only looks a row up allocates no short key then.
func key(parts ...any) string {
	var space [96]byte // for most keys
	return string(appendKey(space[:0], parts))
}

func appendKey(b []byte, parts []any) []byte {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b = append(append(b, p...), 0)
		case bool:
			b = append(b, 0)
			if p {
				b[len(b)-1] = 1
			}
		case keySHA:
			b = appendSHA(b, string(p))
		case time.Time:
			b = appendInt(b, p.UnixMicro())
		default:
			b = appendInt(b, number(p))
		}
	}
	return b
}

// number is the value of an id. The types are named one by one, as a method called through an interface would move
// every id to the heap.
func number(id any) int64 {
	switch id := id.(type) {
	case UserID:
		return int64(id)
	case TokenID:
		return int64(id)
	case MemberRoleID:
		return int64(id)
	case NamespaceID:
		return int64(id)
	case ProjectID:
		return int64(id)
	case ProtectedBranchID:
		return int64(id)
	case CheckID:
		return int64(id)
	case ApprovalRuleID:
		return int64(id)
	case MergeRequestID:
		return int64(id)
	case MergeRequestIID:
		return int64(id)
	case ResponseID:
		return int64(id)
	case NoteID:
		return int64(id)
	case MilestoneID:
		return int64(id)
	case JobID:
		return int64(id)
	case HookID:
		return int64(id)
	case DeliveryID:
		return int64(id)
	case AuditEventID:
		return int64(id)
	case PipelineID:
		return int64(id)
	case PipelineIID:
		return int64(id)
	case CommitStatusID:
		return int64(id)
	case MergeTrainCarID:
		return int64(id)
	case int64:
		return id
	}
	panic("gitlab: this type cannot be part of a key; name it in number") // a mistake in this package
}

// keySHA is the SHA of a commit as a part of a key. It sorts before any other text.
type keySHA string

// appendSHA writes a SHA in half of its length, and what is no SHA as it is.
func appendSHA(b []byte, sha string) []byte {
	const length, packed, text = 40, 0, 1
	other := func(c rune) bool { return c > 'f' || digit(byte(c)) == noDigit }
	if len(sha) != length || strings.ContainsFunc(sha, other) {
		return append(append(append(b, text), sha...), 0)
	}
	b = append(b, packed)
	for i := 0; i < length; i += 2 {
		b = append(b, digit(sha[i])<<4|digit(sha[i+1]))
	}
	return b
}

const noDigit = 0xFF

// digit is the value of a hexadecimal digit in lower case.
func digit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return noDigit
}

// appendInt writes a number in eight bytes that sort as the numbers do, negative ones before others.
func appendInt(b []byte, n int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(n)^(1<<63)) }

// keyOfAny is the key of a reference to another row; empty, which is in no index, if there is none.
func keyOfAny[T ~int64](id T) string {
	if id == 0 {
		return ""
	}
	return string(appendInt(nil, int64(id)))
}

// behind is the least key that is greater than all keys with a prefix. The prefix ends with a byte of a text or number.
func behind(prefix string) string {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] < 0xFF {
			return prefix[:i] + string([]byte{prefix[i] + 1})
		}
	}
	panic("gitlab: nothing can be behind a prefix of 0xFF bytes alone") // a mistake in this package
}

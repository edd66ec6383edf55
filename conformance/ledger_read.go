package conformance

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// maxLedgerLine is the longest line that a run can have written: what a target names is bounded.
const maxLedgerLine = 64 << 10

// openLedger reads the ledger of an earlier run and goes on writing to it. A line that cannot be read could have named
// something, so that it is told and the ledger is kept.
func openLedger(path string) (*ledger, header, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, header{}, usage("read the ledger: %v", err)
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() { // a device may have no end
		return nil, header{}, errors.Join(usage("%s is no ledger, and no file", path), file.Close())
	}
	l := &ledger{path: path, file: file, places: map[ledgerEntry][]int{}}
	head, whole, err := l.readAll(file)
	if err != nil {
		return nil, header{}, errors.Join(err, file.Close())
	}
	if !whole { // what is written next must not hang on to it
		_, err = file.WriteString("\n")
	}
	return l, head, err
}

// readAll takes in all lines. whole says that the last one had an end.
func (l *ledger) readAll(from io.Reader) (head header, whole bool, err error) {
	lines := bufio.NewReader(from)
	first, _, err := ledgerLine(lines)
	head, isHeader := readHeader(first)
	if !isHeader {
		return header{}, false, usage("%s is no ledger: its first line must name the format %s, the run and its URL",
			l.path, ledgerFormat)
	}
	l.run = head.Run
	number := 1
	whole = err == nil
	for err == nil {
		var line []byte
		number++
		line, whole, err = ledgerLine(lines)
		if err == nil || len(line) > 0 {
			l.read(number, line)
		}
	}
	if !errors.Is(err, io.EOF) {
		return header{}, false, usage("read the ledger: %v", err)
	}
	return head, whole, nil
}

// ledgerLine reads a line, of which no more is kept than is needed to see that it is too long. whole says that it had
// an end.
func ledgerLine(from *bufio.Reader) (line []byte, whole bool, err error) {
	for {
		part, err := from.ReadSlice('\n')
		if len(line) <= maxLedgerLine {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err != nil:
			return line, len(line) == 0, err
		default:
			return line[:len(line)-1], true, nil
		}
	}
}

func readHeader(line []byte) (header, bool) {
	var head header
	err := json.Unmarshal(line, &head)
	return head, err == nil && head.Format == ledgerFormat && head.Run != "" && head.URL != ""
}

// read takes in one line.
func (l *ledger) read(number int, line []byte) {
	var m ledgerEntry
	var err error
	if len(line) > maxLedgerLine {
		err = fmt.Errorf("it is longer than %d KiB", maxLedgerLine>>10)
	} else if err = json.Unmarshal(line, &m); err == nil {
		err = m.wrong()
	}
	switch {
	case err != nil:
		l.strange = append(l.strange, fmt.Sprintf("line %d of the ledger %s cannot be read, so what it names may be "+
			"left: %v", number, l.path, err))
	case m.Gone:
		l.strike(m)
	default:
		l.keep(m)
	}
}

// wrong says why an entry cannot be one that a run wrote.
func (m ledgerEntry) wrong() error {
	_, inSteps := deletions[m.Kind]
	how, known := things[m.Kind]
	stands := m.Kind != givenProject && !inSteps && m.Kind != "user" && m.Kind != "member_role" // in a project
	switch {
	case !known && !inSteps && m.Kind != givenProject:
		return fmt.Errorf("it names a %q, which is not known here", cut(m.Kind, 40))
	case stands != (m.In != "") || stands && !isID(m.In):
		return fmt.Errorf("%q is no project that a %s stands in", cut(m.In, 40), m.Kind)
	case m.Intended && m.Name != "":
		return nil
	case how.id == "name" && m.ID != "":
		return nil
	case !isID(m.ID):
		return fmt.Errorf("%q is no id", cut(m.ID, 40))
	case m.Name == "":
		return errors.New("it has no name")
	}
	return nil
}

// isID tells whether a text is an id as GitLab gives them.
func isID(text string) bool {
	id, err := strconv.ParseInt(text, 10, 64)
	return err == nil && id > 0 && strconv.FormatInt(id, 10) == text
}

package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// progress tells how far a run is: by a bar that is drawn again and again, or by a line now and then.
type progress struct {
	to     io.Writer
	people io.Writer // for what must be told in any case
	now    func() time.Time
	bar    bool
	paint  func(code, text string) string
	width  int
	ticker *time.Ticker
	ended  chan struct{}
	ticks  sync.WaitGroup

	mu          sync.Mutex
	began, told time.Time
	done, total int
	bad         int
	running     []string
	doing       string // put before how far it is
}

// lineGap is the time between lines where there is no bar, so that the log of a short run holds none.
const lineGap = 10 * time.Second

func (o *verifyOptions) newProgress(sys system) *progress {
	p := &progress{
		to: sys.errs, people: sys.errs, now: sys.now, bar: o.progress.value == "bar", paint: plainPaint,
		ended: make(chan struct{}),
	}
	if o.progress.value == "auto" {
		p.bar = isTerminal(sys.errs) && sys.variable("TERM") != "dumb" && sys.variable("CI") == ""
	}
	if o.progress.value == "none" {
		p.to = io.Discard
	}
	if o.colored(sys, sys.errs) {
		p.paint = func(code, text string) string { return "\x1b[" + code + "m" + text + "\x1b[0m" }
	}
	if width, err := strconv.Atoi(sys.variable("COLUMNS")); err == nil && width >= 20 {
		p.width = width
	} else {
		p.width = 80
	}
	p.began, p.told = p.now(), p.now()
	p.ticker = time.NewTicker(time.Second)
	p.ticks.Go(p.tick)
	return p
}

func plainPaint(_, text string) string { return text }

// tick shows that time passes while scenarios wait.
func (p *progress) tick() {
	for {
		select {
		case <-p.ticker.C:
			p.mu.Lock()
			p.tell()
			p.mu.Unlock()
		case <-p.ended:
			return
		}
	}
}

func (p *progress) begin(s *scenario.Scenario) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = append(p.running, s.ID)
	p.tell()
}

func (p *progress) end(done, total int, last *conformance.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = done, total
	p.running = slices.DeleteFunc(p.running, func(id string) bool { return id == last.ID })
	if last.Outcome == conformance.Failed || last.Outcome == conformance.Errored {
		p.bad++
		fmt.Fprintf(p.to, "%s%s\n", p.wipe(), p.paint("31", "✗ "+last.Outcome.String()+" "+last.ID))
	}
	p.tell()
}

// slowed tells that the server has the run wait.
func (p *progress) slowed(length time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.to, "%swaiting %s as the server asks\n", p.wipe(), plainLength(length))
}

// plainLength is a length of time in words: whole minutes where it is some, else seconds.
func plainLength(length time.Duration) string {
	if length >= time.Minute && length%time.Minute == 0 {
		return fmt.Sprintf("%d min", length/time.Minute)
	}
	return fmt.Sprintf("%d s", (length+time.Second-1)/time.Second)
}

func (p *progress) wipe() string {
	if p.bar {
		return clearLine
	}
	return ""
}

const clearLine = "\r\x1b[K"

// tell draws the bar, or writes a line if the last one is long ago.
func (p *progress) tell() {
	if p.bar {
		fmt.Fprint(p.to, clearLine+p.drawn())
		return
	}
	if now := p.now(); now.Sub(p.told) >= lineGap {
		p.told = now
		fmt.Fprintf(p.to, "%s %s\n", p.elapsed(), p.text())
	}
}

func (p *progress) elapsed() string { return p.now().Sub(p.began).Round(time.Second).String() }

func (p *progress) text() string {
	text := fmt.Sprintf("%s%d of %d done", p.doing, p.done, p.total)
	if p.total == 0 {
		text = "looking at the server"
	}
	if p.bad > 0 {
		text += fmt.Sprintf(", %d not as expected", p.bad)
	}
	if len(p.running) > 0 {
		text += ", running " + strings.Join(p.running[:min(3, len(p.running))], ", ")
		if more := len(p.running) - 3; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
	}
	return text
}

// drawn is the bar with its text, no wider than the terminal: a line that wraps cannot be wiped.
func (p *progress) drawn() string {
	const cells = 20
	full := 0
	if p.total > 0 {
		full = cells * p.done / p.total
	}
	color := "32"
	if p.bad > 0 {
		color = "31"
	}
	text := " " + p.elapsed() + " " + p.text()
	if room := p.width - cells - 1; utf8.RuneCountInString(text) > room {
		text = string([]rune(text)[:room-1]) + "…"
	}
	return p.paint(color, strings.Repeat("█", full)) + p.paint("2", strings.Repeat("░", cells-full)) + text
}

// close wipes the bar and ends.
func (p *progress) close() {
	p.ticker.Stop()
	close(p.ended)
	p.ticks.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprint(p.to, p.wipe())
}

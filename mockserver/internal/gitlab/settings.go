package gitlab

// Settings are the switches of the whole instance.
type Settings struct {
	Licensed     bool // the plan includes external status checks (Ultimate)
	DenyOutbound bool // "Block all requests, except for IP addresses … on the Allow List"
	// DenyImmediateDeletion prevents that a project or group is removed before its days of grace are over.
	DenyImmediateDeletion bool
	SHARequirement        SHARequirement
	// GitLab's default: deliveries to private, loopback and link-local addresses are dropped without any report.
	BlockLocalRequests bool
	Writing            Writing
	RateLimits         RateLimits
}

// WriteMode says whether data can be changed.
type WriteMode string

// The modes. An administrator can put GitLab under maintenance. On the secondary site of a Geo installation the
// database is read-only.
const (
	WritesAllowed    WriteMode = ""
	Maintenance      WriteMode = "maintenance"
	ReadOnlyDatabase WriteMode = "read_only"
)

// Writing says whether data can be changed, and which message a refused write gets.
type Writing struct {
	Mode    WriteMode
	Message string // of the maintenance; empty means GitLab's own
}

// Writing returns the present mode.
func (s *State) Writing() Writing { return s.Settings().Writing }

// Settings returns the present settings.
func (s *State) Settings() Settings {
	tx := Tx{store: s.current.Load().store}
	return tx.Settings()
}

type settingsRow struct{ Settings }

var settingsTable = newTable([]index[settingsRow]{{"id", func(settingsRow) string { return key("") }}})

// Settings returns the present settings. Licensed is true unless it was switched off.
func (tx *Tx) Settings() Settings {
	if row, ok := first(tx, settingsTable, "id", key("")); ok {
		return row.Settings
	}
	return Settings{Licensed: true}
}

// SetSettings replaces the settings.
func (tx *Tx) SetSettings(s Settings) { insert(tx, settingsTable, settingsRow{s}) }

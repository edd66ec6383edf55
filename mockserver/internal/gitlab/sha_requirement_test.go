package gitlab

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestRequiresSHA(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name                  string
		opts                  Options
		instance, outer, ours SHARequirement
		want                  bool
	}{
		{name: "nobody", opts: at(19, 2)},
		{name: "the instance", opts: at(19, 2), instance: SHARequirement{Required: Yes}, want: true},
		{name: "the instance, before 19.2", opts: at(19, 1), instance: SHARequirement{Required: Yes}},
		{name: "the group", opts: at(19, 4), ours: SHARequirement{Required: Yes}, want: true},
		{name: "the group above", opts: at(19, 4), outer: SHARequirement{Required: Yes}, want: true},
		{
			name: "the group otherwise", opts: at(19, 4), instance: SHARequirement{Required: Yes},
			outer: SHARequirement{Required: Yes}, ours: SHARequirement{Required: No},
		},
		{
			name: "the group above is locked", opts: at(19, 4), outer: SHARequirement{Required: Yes, Locked: true},
			ours: SHARequirement{Required: No}, want: true,
		},
		{
			name: "the group above is locked to no", opts: at(19, 4), outer: SHARequirement{Required: No, Locked: true},
			ours: SHARequirement{Required: Yes},
		},
		{
			name: "the instance is locked", opts: at(19, 4), instance: SHARequirement{Required: Yes, Locked: true},
			outer: SHARequirement{Required: No, Locked: true}, ours: SHARequirement{Required: No}, want: true,
		},
		{
			name: "the instance is locked to no", opts: at(19, 4), instance: SHARequirement{Locked: true},
			ours: SHARequirement{Required: Yes},
		},
		{
			name: "a lock binds those below alone", opts: at(19, 4), ours: SHARequirement{Required: Yes, Locked: true},
			want: true,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, tc.opts)
			s.do(func(tx *Tx) {
				settings := tx.Settings()
				settings.SHARequirement = tc.instance
				tx.SetSettings(settings)
				outer, err := tx.CreateGroup(Namespace{Name: "outer", Path: "outer", SHARequirement: tc.outer})
				assert.NilError(t, err)
				ours, err := tx.CreateGroup(Namespace{Name: "ours", Path: "ours", ParentID: outer.ID})
				assert.NilError(t, err)
				tx.RequireSHA(ours, tc.ours)
				assert.Equal(t, tx.RequiresSHA(ours.ID), tc.want)
			})
		})
	}
}

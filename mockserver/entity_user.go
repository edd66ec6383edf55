package mockserver

import (
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// userEntity is a user as others see it. It has more keys the more the viewer may see.
//
// Source: lib/api/entities/user.rb, user_public.rb, user_with_admin.rb, user_details_with_admin.rb and those of ee.
type userEntity struct {
	userBasic
	*userProfile
	*userPublic
	*userWithAdmin
	*userDetails
	*userSeat
}

// userProfile holds the keys that everybody sees if a user is shown alone.
type userProfile struct {
	CreatedAt       *timestamp `json:"created_at"`
	Bio             string     `json:"bio"`
	Location        string     `json:"location"`
	LinkedIn        string     `json:"linkedin"`
	Twitter         string     `json:"twitter"`
	Discord         string     `json:"discord"`
	WebsiteURL      string     `json:"website_url"`
	GitHub          string     `json:"github"`
	JobTitle        string     `json:"job_title"`
	Pronouns        *string    `json:"pronouns"`
	Organization    string     `json:"organization"`
	Bot             bool       `json:"bot"`
	WorkInformation *string    `json:"work_information"`
	Followers       int        `json:"followers"`
	Following       int        `json:"following"`
	IsFollowed      *bool      `json:"is_followed,omitempty"`
	LocalTime       *string    `json:"local_time"`
}

// userPublic holds the keys that users see of themselves, and administrators of all users.
type userPublic struct {
	LastSignInAt                   *timestamp `json:"last_sign_in_at"`
	ConfirmedAt                    *timestamp `json:"confirmed_at"`
	LastActivityOn                 *date      `json:"last_activity_on"`
	Email                          string     `json:"email"`
	ThemeID                        int        `json:"theme_id"`
	ColorSchemeID                  int        `json:"color_scheme_id"`
	ProjectsLimit                  int        `json:"projects_limit"`
	CurrentSignInAt                *timestamp `json:"current_sign_in_at"`
	Identities                     []struct{} `json:"identities"`
	CanCreateGroup                 bool       `json:"can_create_group"`
	CanCreateProject               bool       `json:"can_create_project"`
	TwoFactorEnabled               bool       `json:"two_factor_enabled"`
	External                       bool       `json:"external"`
	PrivateProfile                 bool       `json:"private_profile"`
	CommitEmail                    string     `json:"commit_email"`
	PreferredLanguage              *string    `json:"preferred_language,omitempty"`
	SharedRunnersMinutesLimit      *int       `json:"shared_runners_minutes_limit"`
	ExtraSharedRunnersMinutesLimit *int       `json:"extra_shared_runners_minutes_limit"`
	SCIMIdentities                 []struct{} `json:"scim_identities"`
}

// userWithAdmin holds the keys that administrators see.
type userWithAdmin struct {
	IsAdmin             bool                `json:"is_admin"`
	Note                *string             `json:"note"`
	NamespaceID         *gitlab.NamespaceID `json:"namespace_id,omitempty"`
	CreatedBy           *userBasic          `json:"created_by"`
	EmailResetOfferedAt *timestamp          `json:"email_reset_offered_at"`
}

// userDetails holds the keys that administrators see if a user is shown alone.
type userDetails struct {
	HighestRole     *gitlab.AccessLevel `json:"highest_role"`
	CurrentSignInIP *string             `json:"current_sign_in_ip"`
	LastSignInIP    *string             `json:"last_sign_in_ip"`
	SignInCount     int                 `json:"sign_in_count"`
}

// userSeat holds the keys that the Enterprise Edition shows administrators.
type userSeat struct {
	UsingLicenseSeat            bool                `json:"using_license_seat"`
	IsAuditor                   bool                `json:"is_auditor"`
	ProvisionedByGroupID        *gitlab.NamespaceID `json:"provisioned_by_group_id"`
	EnterpriseGroupID           *gitlab.NamespaceID `json:"enterprise_group_id"`
	EnterpriseGroupAssociatedAt *timestamp          `json:"enterprise_group_associated_at"`
}

// date is a day as GitLab's API writes it.
type date time.Time

// newDate returns nil, which is written as null, for the zero time.
func newDate(t time.Time) *date {
	if t.IsZero() {
		return nil
	}
	d := date(t)
	return &d
}

// MarshalJSON writes the day.
func (d date) MarshalJSON() ([]byte, error) {
	return time.Time(d).UTC().AppendFormat(nil, `"`+time.DateOnly+`"`), nil
}

const projectsLimit = 100_000

// limitOfProjects is how many projects of their own users can have. External users have none.
//
// Source: app/models/user.rb (ensure_user_rights_and_limits).
func limitOfProjects(u gitlab.User) int {
	if u.External {
		return 0
	}
	return projectsLimit
}

// presentUserInList shows a user as in a list: to administrators with nearly all keys, to others with a few.
func presentUserInList(tx *gitlab.Tx, viewer gitlab.Actor, u gitlab.User) userEntity {
	e := userEntity{userBasic: *presentUser(tx, u.ID)}
	if viewer.Admin() {
		e.userProfile, e.userPublic = presentUserProfile(u), presentUserPublic(tx, u)
		e.userWithAdmin, e.userSeat = presentUserWithAdmin(tx, u), &userSeat{UsingLicenseSeat: !u.Bot}
	}
	return e
}

// presentUserAlone shows one user. Administrators see all keys.
func presentUserAlone(tx *gitlab.Tx, viewer gitlab.Actor, u gitlab.User) userEntity {
	e := presentUserInList(tx, viewer, u)
	e.userProfile = presentUserProfile(u)
	e.IsFollowed = new(bool)
	if viewer.Admin() {
		e.userDetails = &userDetails{HighestRole: orNull(tx.HighestRole(u.ID))}
	}
	return e
}

// presentCurrentUser shows the callers to themselves.
func presentCurrentUser(tx *gitlab.Tx, a gitlab.Actor) userEntity {
	e := presentUserInList(tx, a, a.User)
	e.userProfile, e.userPublic = presentUserProfile(a.User), presentUserPublic(tx, a.User)
	return e
}

func presentUserProfile(u gitlab.User) *userProfile {
	return &userProfile{CreatedAt: newTimestamp(u.CreatedAt), Bot: u.Bot}
}

func presentUserPublic(tx *gitlab.Tx, u gitlab.User) *userPublic {
	return &userPublic{
		ConfirmedAt: newTimestamp(u.CreatedAt), Email: u.Email, ThemeID: 3, ColorSchemeID: 1,
		ProjectsLimit: limitOfProjects(u), Identities: []struct{}{},
		CanCreateGroup: u.CanCreateGroup(), CanCreateProject: !u.External, External: u.External,
		PrivateProfile: u.PrivateProfile,
		CommitEmail:    u.Email, PreferredLanguage: dated(tx, gitlab.ShowsPreferredLanguage, "en"),
		SCIMIdentities: []struct{}{},
	}
}

func presentUserWithAdmin(tx *gitlab.Tx, u gitlab.User) *userWithAdmin {
	e := &userWithAdmin{IsAdmin: u.Admin, CreatedBy: presentUser(tx, u.CreatedByID)}
	if n, ok := tx.UserNamespace(u); ok {
		e.NamespaceID = &n.ID
	}
	return e
}

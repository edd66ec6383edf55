// Code generated from default.yaml by go test -run TestDefault -update; DO NOT EDIT.

package seed

import "time"

func defaultDocument() Document {
	return Document{
		Users: []User{
			{
				ID:        1,
				Username:  "root",
				Name:      "Administrator",
				Email:     "admin@example.com",
				Admin:     true,
				CreatedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				Tokens: []AccessToken{
					{
						ID:     1,
						Name:   "admin",
						Secret: "glpat-admin",
						Scopes: []string{
							"api",
						},
					},
				},
			},
			{
				ID:        2,
				Username:  "owner",
				Name:      "Olivia Owner",
				Email:     "owner@example.com",
				CreatedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				Tokens: []AccessToken{
					{
						ID:     2,
						Name:   "owner",
						Secret: "glpat-owner",
						Scopes: []string{
							"api",
						},
					},
				},
			},
			{
				ID:        3,
				Username:  "maintainer",
				Name:      "Max Maintainer",
				Email:     "maintainer@example.com",
				CreatedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				Tokens: []AccessToken{
					{
						ID:     3,
						Name:   "maintainer",
						Secret: "glpat-maintainer",
						Scopes: []string{
							"api",
						},
					},
				},
			},
			{
				ID:        4,
				Username:  "developer",
				Name:      "Dana Developer",
				Email:     "developer@example.com",
				CreatedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				Tokens: []AccessToken{
					{
						ID:     4,
						Name:   "developer",
						Secret: "glpat-developer",
						Scopes: []string{
							"api",
						},
					},
				},
			},
			{
				ID:        5,
				Username:  "reporter",
				Name:      "Robin Reporter",
				Email:     "reporter@example.com",
				CreatedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				Tokens: []AccessToken{
					{
						ID:     5,
						Name:   "reporter",
						Secret: "glpat-reporter",
						Scopes: []string{
							"api",
						},
					},
				},
			},
			{
				ID:        6,
				Username:  "planner",
				Name:      "Pat Planner",
				Email:     "planner@example.com",
				CreatedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				Tokens: []AccessToken{
					{
						ID:     6,
						Name:   "planner",
						Secret: "glpat-planner",
						Scopes: []string{
							"api",
						},
					},
				},
			},
			{
				ID:        7,
				Username:  "guest",
				Name:      "Gail Guest",
				Email:     "guest@example.com",
				CreatedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				Tokens: []AccessToken{
					{
						ID:     7,
						Name:   "guest",
						Secret: "glpat-guest",
						Scopes: []string{
							"api",
						},
					},
				},
			},
			{
				ID:        8,
				Username:  "stranger",
				Name:      "Sam Stranger",
				Email:     "stranger@example.com",
				CreatedAt: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				Tokens: []AccessToken{
					{
						ID:     8,
						Name:   "stranger",
						Secret: "glpat-stranger",
						Scopes: []string{
							"api",
						},
					},
				},
			},
		},
		Groups: []Group{
			{
				ID:         9,
				Path:       "flightjs",
				Name:       "Flightjs",
				Visibility: "private",
				CreatedAt:  time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
				Members: []Member{
					{
						User:        "owner",
						AccessLevel: "owner",
					},
				},
			},
		},
		Projects: []Project{
			{
				ID:            6,
				Path:          "flightjs/Flight",
				Description:   "Ipsa minima est consequuntur quisquam.",
				Visibility:    "private",
				Creator:       "root",
				DefaultBranch: "main",
				CreatedAt:     time.Date(2020, 10, 12, 14, 4, 50, 787000000, time.UTC),
				Members: []Member{
					{
						User:        "owner",
						AccessLevel: "owner",
					},
					{
						User:        "maintainer",
						AccessLevel: "maintainer",
					},
					{
						User:        "developer",
						AccessLevel: "developer",
					},
					{
						User:        "reporter",
						AccessLevel: "reporter",
					},
					{
						User:        "planner",
						AccessLevel: "planner",
					},
					{
						User:        "guest",
						AccessLevel: "guest",
					},
				},
				Branches: []Branch{
					{
						Name: "main",
						Commits: []Commit{
							{
								SHA:       "6104942438c14ec7bd21c6cd5bd995272b3faff6",
								Message:   "Initial commit",
								Author:    "root",
								CreatedAt: time.Date(2020, 10, 12, 14, 4, 50, 0, time.UTC),
								Files:     map[string]string{"README.md": "# Flight\n"},
							},
						},
					},
					{
						Name: "root-main-patch-30152",
						From: "main",
						Commits: []Commit{
							{
								SHA:       "141be9714669a4c1ccaa013c6a7f3e462ff2a40f",
								Message:   "Update README.md",
								Author:    "root",
								CreatedAt: time.Date(2022, 12, 7, 7, 52, 11, 0, time.UTC),
								Files:     map[string]string{"README.md": "# Flight\n\nA component framework.\n"},
							},
						},
					},
				},
				ProtectedBranches: []ProtectedBranch{
					{
						ID:   14,
						Name: "main",
						PushAccessLevels: []BranchAccess{
							{
								AccessLevel: "maintainer",
							},
						},
						MergeAccessLevels: []BranchAccess{
							{
								AccessLevel: "maintainer",
							},
						},
					},
				},
				ExternalStatusChecks: []ExternalStatusCheck{
					{
						ID:           1,
						Name:         "Compliance Tool",
						ExternalURL:  "https://checks.example/compliance-tool",
						SharedSecret: "shared_secret",
						ProtectedBranches: []string{
							"main",
						},
						CreatedAt: time.Date(2022, 12, 1, 0, 0, 0, 0, time.UTC),
					},
					{
						ID:          2,
						Name:        "Service 1",
						ExternalURL: "https://checks.example/test-endpoint",
						CreatedAt:   time.Date(2022, 12, 1, 0, 0, 0, 0, time.UTC),
					},
				},
				MergeRequests: []MergeRequest{
					{
						ID:                 144,
						IID:                4,
						SourceBranch:       "root-main-patch-30152",
						TargetBranch:       "main",
						Title:              "Update README.md",
						Author:             "root",
						SHA:                "141be9714669a4c1ccaa013c6a7f3e462ff2a40f",
						RemoveSourceBranch: true,
						CreatedAt:          time.Date(2022, 12, 7, 7, 53, 43, 0, time.UTC),
						Responses: []Response{
							{
								ID:        1,
								Check:     "Service 1",
								Status:    "passed",
								CreatedAt: time.Date(2022, 12, 7, 7, 54, 0, 0, time.UTC),
							},
						},
					},
				},
			},
		},
	}
}

package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Settings are what a service needs to know.
type Settings struct {
	API    string // root of GitLab's REST API
	Token  string // with the scope api, of a user who is at least a developer of the projects
	Secret string // the shared secret of the checks; empty means that signatures are not looked at
	Client *http.Client
	Log    *log.Logger
	Pause  time.Duration // before the first repetition of a call; 0 means 200 ms
}

// Service takes deliveries and sets statuses.
type Service struct {
	Settings
	gitlab *client

	mu    sync.Mutex
	jobs  map[job]*sync.Mutex
	tasks sync.WaitGroup
}

// New returns a service.
func New(s Settings) *Service {
	if s.Client == nil {
		s.Client = &http.Client{Timeout: 30 * time.Second}
	}
	if s.Pause == 0 {
		s.Pause = 200 * time.Millisecond
	}
	return &Service{
		Settings: s, jobs: map[job]*sync.Mutex{},
		gitlab: &client{api: strings.TrimRight(s.API, "/"), token: s.Token, http: s.Client, pause: s.Pause},
	}
}

// delivery is what the service reads of a payload.
type delivery struct {
	Kind    string `json:"object_kind"`
	Project struct {
		ID int64 `json:"id"`
	} `json:"project"`
	Attributes struct {
		IID    int64  `json:"iid"`
		State  string `json:"state"`
		Commit struct {
			ID string `json:"id"`
		} `json:"last_commit"`
	} `json:"object_attributes"`
	Check struct {
		ID int64 `json:"id"`
	} `json:"external_approval_rule"`
}

// job is a check of a merge request. One delivery about it is worked on at a time.
type job struct{ project, iid, check int64 }

// largest is GitLab's limit for a payload.
const largest = 25 << 20

// ServeHTTP takes a delivery. It answers at once, because GitLab waits for 20 seconds only, and works after that.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "send deliveries by POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
	if err != nil {
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	if s.Secret != "" && !s.signed(r.Header.Get("X-Gitlab-Signature"), body) {
		http.Error(w, "the signature is wrong", http.StatusUnauthorized)
		return
	}
	var d delivery
	if err := json.Unmarshal(body, &d); err != nil {
		http.Error(w, "the body is no delivery", http.StatusBadRequest)
		return
	}
	j := job{d.Project.ID, d.Attributes.IID, d.Check.ID}
	if d.Kind != "merge_request" || j.project == 0 || j.iid == 0 || j.check == 0 || d.Attributes.Commit.ID == "" {
		http.Error(w, "the body is no delivery of an external status check", http.StatusUnprocessableEntity)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	if d.Attributes.State == "opened" {
		s.tasks.Go(func() { s.work(j, d.Attributes.Commit.ID) })
	}
}

// signed compares the signature with that of the exact bytes, in a time that tells nothing about it.
func (s *Service) signed(signature string, body []byte) bool {
	mac := hmac.New(sha256.New, []byte(s.Secret))
	mac.Write(body)
	return hmac.Equal([]byte(signature), []byte(hex.EncodeToString(mac.Sum(nil))))
}

// patience is how long the service works on one delivery. GitLab fails what is pending for two minutes.
const patience = 100 * time.Second

func (s *Service) work(j job, sha string) {
	lock := s.lock(j)
	lock.Lock()
	defer lock.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.judge(ctx, j, sha); err != nil && s.Log != nil {
		s.Log.Printf("check %d of !%d in project %d: %v", j.check, j.iid, j.project, err)
	}
}

func (s *Service) lock(j job) *sync.Mutex {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jobs[j] == nil {
		s.jobs[j] = &sync.Mutex{}
	}
	return s.jobs[j]
}

// Wait returns when nothing is being worked on.
func (s *Service) Wait() { s.tasks.Wait() }

// mostHeads is how often the service follows a merge request to a new head.
const mostHeads = 5

// judge sets pending and then the verdict. If GitLab says that there is a new head, it starts anew with that.
func (s *Service) judge(ctx context.Context, j job, sha string) error {
	for range mostHeads {
		err := s.gitlab.respond(ctx, j, sha, "pending")
		if isStatus(err, http.StatusBadRequest) {
			err = nil // GitLab takes pending since 16.5
		}
		if err == nil {
			var verdict string
			if verdict, err = s.verdict(ctx, j); err == nil {
				err = s.gitlab.respond(ctx, j, sha, verdict)
			}
		}
		if !isStatus(err, http.StatusConflict) {
			return err
		}
		head, state, err := s.gitlab.head(ctx, j)
		if err != nil || head == sha || state != "opened" {
			return err
		}
		sha = head
	}
	return nil
}

// verdict is failed while the newest of the comments /hold and /unhold is /hold.
func (s *Service) verdict(ctx context.Context, j job) (string, error) {
	verdict := "passed"
	err := s.gitlab.comments(ctx, j, func(text string) {
		switch strings.TrimSpace(text) {
		case "/hold":
			verdict = "failed"
		case "/unhold":
			verdict = "passed"
		}
	})
	return verdict, err
}

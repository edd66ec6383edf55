package openapi_test

import (
	"os"
	"testing"

	"github.com/statuschecks/statuschecks/internal/testheap"
)

func TestMain(m *testing.M) { os.Exit(testheap.Run(m)) }

package postgres

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// errURL is why a URL is not used. What is wrong with it is not told, as it may show a part of the password.
var errURL = errors.New("this is no URL of a PostgreSQL database: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, " +
	"with %XX for special characters in the password")

// CheckURL says what is wrong with the URL of a database, without showing the password.
func CheckURL(text string) error {
	_, _, err := complete(text)
	return err
}

// IsURL says whether a text is meant as the URL of a PostgreSQL database.
func IsURL(text string) bool {
	return strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://")
}

// complete adds to a URL what every connection of this package takes. TLS is used where the database has it, as other
// clients of PostgreSQL do, unless the URL or PGSSLMODE says more.
func complete(text string) (full string, config pq.Config, err error) {
	u, err := url.Parse(text)
	if err != nil || !IsURL(text) {
		return "", config, errURL
	}
	if config, err = pq.NewConfig(text); err != nil {
		return "", config, errURL
	}
	query := u.Query()
	query.Set("application_name", "statuschecks")
	query.Set("connect_timeout", strconv.Itoa(int(patience.Seconds())))
	query.Set("binary_parameters", "yes") // one way to the database and back for a statement
	if config.SSLMode == "" {
		query.Set("sslmode", string(pq.SSLModePrefer))
	}
	u.RawQuery = query.Encode()
	if strings.HasSuffix(u.Host, "]") { // an IPv6 address, which the library reads with a port only
		u.Host = net.JoinHostPort(u.Hostname(), strconv.Itoa(int(config.Port)))
	}
	if config, err = pq.NewConfig(u.String()); err != nil {
		return "", config, errURL
	}
	return u.String(), config, nil
}

// withTLS decides once whether connections use TLS, if they shall where the database has it. lib/pq 1.12.3 would ask on
// each of them, and leave the connection open on which the database refuses it.
func withTLS(ctx context.Context, full string, config pq.Config) (string, pq.Config, error) {
	if config.SSLMode != pq.SSLModePrefer {
		return full, config, nil
	}
	config.SSLMode = pq.SSLModeRequire
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return "", config, errURL
	}
	pool := sql.OpenDB(connector)
	defer func() { _ = pool.Close() }()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	switch err := pool.PingContext(ctx); {
	case errors.Is(err, pq.ErrSSLNotSupported):
		config.SSLMode = pq.SSLModeDisable
	case err != nil:
		config.SSLMode = pq.SSLModePrefer // what is wrong is said later
	}
	u, err := url.Parse(full)
	if err != nil {
		return "", config, errURL
	}
	query := u.Query()
	query.Set("sslmode", string(config.SSLMode))
	u.RawQuery = query.Encode()
	return u.String(), config, nil
}

// place is where a database is, without who uses it.
func place(c pq.Config) string {
	if strings.HasPrefix(c.Host, "/") {
		return c.Host + " " + c.Database
	}
	return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) + "/" + c.Database
}

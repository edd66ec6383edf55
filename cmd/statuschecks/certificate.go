package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"time"
)

// secure prepares TLS from the files given, or with a certificate made for this run.
func (o *serveOptions) secure(now time.Time) (security, error) {
	switch {
	case o.selfSigned && (o.certFile != "" || o.keyFile != ""):
		return security{}, wrongUsage("--tls-self-signed makes a certificate, so it does not go with --tls-cert and " +
			"--tls-key; give one or the other")
	case (o.certFile == "") != (o.keyFile == ""):
		return security{}, wrongUsage("--tls-cert and --tls-key belong together: give the file of the certificate " +
			"and that of its key")
	case o.certFile != "":
		certificate, err := tls.LoadX509KeyPair(o.certFile, o.keyFile)
		if err != nil {
			return security{}, cannotServe("the certificate %s with the key %s is not usable: %w; both must be PEM "+
				"files and belong together", o.certFile, o.keyFile, err)
		}
		return security{config: tlsConfig(certificate)}, nil
	case o.selfSigned:
		return selfSigned(now, o.caFile)
	}
	return security{}, nil
}

func tlsConfig(certificate tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
}

// selfSigned makes a certificate for this machine's own names, valid for a day, and writes it to a file for clients to
// trust.
func selfSigned(now time.Time, file string) (security, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return security{}, cannotServe("make a key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "statuschecks serve"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 1),
		DNSNames: localNames(), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA:        true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return security{}, cannotServe("make a certificate: %w", err)
	}
	path, err := writeAuthority(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	if err != nil {
		return security{}, err
	}
	certificate := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return security{config: tlsConfig(certificate), ca: path, discard: func() { _ = os.Remove(path) }}, nil
}

func localNames() []string {
	names := []string{"localhost"}
	if name, err := os.Hostname(); err == nil && name != "localhost" {
		names = append(names, name)
	}
	return names
}

// writeAuthority writes the certificate to the file named, or to a new one among the temporary files.
func writeAuthority(path string, text []byte) (string, error) {
	if path == "" {
		file, err := os.CreateTemp("", "statuschecks-ca-*.pem")
		if err != nil {
			return "", cannotServe("make a file for the certificate: %w; name one with --tls-ca-file", err)
		}
		path = file.Name()
		_ = file.Close()
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return "", cannotServe("write the certificate: %w; name another file with --tls-ca-file", err)
	}
	return path, nil
}

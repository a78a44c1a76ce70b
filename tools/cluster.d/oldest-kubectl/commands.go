//go:build tools

// Package kubectl pins the oldest kubectl that Canaria's own API server is
// meant for. It is built on demand only: see tests/kubectl/README.md.
package kubectl

import _ "k8s.io/kubernetes/cmd/kubectl"

//go:build tools

// Package etcd pins the etcd server that tools/cluster builds; the build tag
// keeps the import of a main package out of every build.
package etcd

import _ "go.etcd.io/etcd/server/v3"

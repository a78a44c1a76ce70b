//go:build tools

// Package kube pins the Kubernetes commands that tools/cluster builds.
//
// A command is a main package, which nothing can import in earnest; the build
// tag keeps these lines out of every build while `go mod tidy` still reads
// them and keeps the modules they need in go.mod and go.sum.
package kube

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
	_ "k8s.io/kubernetes/cmd/kubectl"
)

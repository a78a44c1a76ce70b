# Builds the binaries of the cluster from published Go modules, once per machine.
# shellcheck shell=bash disable=SC2154 # sourced by tools/cluster, which sets the versions
#
# Everything lands below the cache folder: binaries by version and, until all are
# built, Go's build cache, which makes an interrupted build go on where it was. A
# lock lets a second caller wait for the first instead of doing the same work.

# Where a binary is or will be. One given by KUBEBUILDER_ASSETS wins.
binary_path() {
  local given=${KUBEBUILDER_ASSETS:-}/$1
  if [[ -n ${KUBEBUILDER_ASSETS:-} && -x $given ]]; then
    printf '%s\n' "$given"
    return
  fi
  case $1 in
    etcd) printf '%s\n' "$cache/etcd-$etcd_version/bin/etcd" ;;
    kwok) printf '%s\n' "$cache/kwok-$kwok_version/bin/kwok" ;;
    kube-apiserver | kube-controller-manager | kube-scheduler | kubectl)
      printf '%s\n' "$cache/kube-$kube_version/bin/$1"
      ;;
    oldest-kubectl) printf '%s\n' "$cache/kube-$oldest_kubectl_version/bin/kubectl" ;;
    *) fail "unknown binary \"$1\": one of ${binaries[*]}" ;;
  esac
}

# The go to build with: on PATH if new enough, else the one of tools/setup.
find_go() {
  local candidate version
  for candidate in "$(command -v go || true)" "$cache/go/bin/go"; do
    [[ -x $candidate ]] || continue
    version=$(GOTOOLCHAIN=local "$candidate" env GOVERSION 2>/dev/null) || continue
    if [[ $version =~ ^go1\.([0-9]+) && ${BASH_REMATCH[1]} -ge 26 ]]; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  fail "no Go 1.26 or newer to build Kubernetes with: run tools/setup"
}

# The linker flags that make a Kubernetes binary report its version; without
# them discovery says v0.0.0.
kube_version_flags() {
  local package kube_version=$1 minor=${1#*.}
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    printf -- '-X %s.gitVersion=v%s -X %s.gitMajor=%s -X %s.gitMinor=%s -X %s.gitTreeState=clean ' \
      "$package" "$kube_version" "$package" "${kube_version%%.*}" "$package" "${minor%%.*}" "$package"
  done
}

# Compiles one command to the file $2. The environment's Go settings (proxy,
# checksum database) stay; flags that would change what is built do not.
compile() {
  local name=$1 output=$2 module package flags='-s -w'
  case $name in
    etcd) module=etcd package=go.etcd.io/etcd/server/v3 ;;
    kwok) package=sigs.k8s.io/kwok/cmd/kwok ;;
    oldest-kubectl)
      module=oldest-kubectl package=k8s.io/kubernetes/cmd/kubectl flags+=" $(kube_version_flags "$oldest_kubectl_version")"
      ;;
    *) module=kube package=k8s.io/kubernetes/cmd/$name flags+=" $(kube_version_flags "$kube_version")" ;;
  esac
  export CGO_ENABLED=0 GOTOOLCHAIN=local GOWORK=off GOFLAGS=-p=2 GOCACHE=$cache/go-build
  if [[ $name == kwok ]]; then # its own go.mod pins everything: no module of ours needed
    GOBIN=$(dirname -- "$output")/install-$$ nice "$go" install -trimpath -ldflags "$flags" \
      "$package@v$kwok_version" &&
      mv -- "$(dirname -- "$output")/install-$$/kwok" "$output" &&
      rmdir -- "$(dirname -- "$output")/install-$$"
  else
    (cd -- "$parts/$module" && nice "$go" build -mod=readonly -trimpath -buildvcs=false \
      -ldflags "$flags" -o "$output" "$package")
  fi
}

# build_missing [NAME...]: without names everything that a cluster needs.
build_missing() {
  local name path go='' lock='' began log=$cache/build.log
  [[ $# -gt 0 ]] || set -- "${binaries[@]}"
  for name; do
    path=$(binary_path "$name")
    [[ ! -x $path ]] || continue
    if [[ -z $go ]]; then
      go=$(find_go)
      mkdir -p -- "$cache"
      exec {lock}>"$cache/build.lock"
      if ! flock -n "$lock"; then
        say "waiting for another build to end"
        flock "$lock"
      fi
      : >"$log"
    fi
    [[ ! -x $path ]] || continue # the other build made it
    say "building $name (${path#"$cache"/}) ..."
    began=$EPOCHREALTIME
    mkdir -p -- "$(dirname -- "$path")"
    if ! compile "$name" "$path.new" >>"$log" 2>&1; then
      tail -n 15 -- "$log" >&2
      fail "$name could not be built: the lines above are the end of $log"
    fi
    mv -- "$path.new" "$path"
    say "built $name in $(seconds_since "$began") s"
  done
  if [[ -n $lock ]]; then
    rm -rf -- "$cache/go-build" # gigabytes that nothing reads any more
    exec {lock}>&-
  fi
}

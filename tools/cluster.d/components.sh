# The command line of each component, and the order in which they start.
# shellcheck shell=bash disable=SC2154 # sourced by tools/cluster
#
# Set for tests: nothing waits for a disk, nothing is throttled on the client
# side, and what a test cluster has no use for (volumes, tokens for pods, serving
# ports of the controllers) is off.

# Controllers without a purpose here; each one left out saves watches and memory.
readonly idle_controllers=(
  persistentvolume-binder-controller persistentvolume-attach-detach-controller
  persistentvolume-expander-controller persistentvolume-protection-controller
  persistentvolumeclaim-protection-controller ephemeral-volume-controller
  root-ca-certificate-publisher-controller legacy-serviceaccount-token-cleaner-controller
  certificatesigningrequest-signing-controller certificatesigningrequest-approving-controller
  certificatesigningrequest-cleaner-controller ttl-controller node-ipam-controller
  resourceclaim-controller service-cidr-controller
)

# Puts the command line of component $1 into the array argv.
component_command() {
  local fast=(--kube-api-qps=5000 --kube-api-burst=10000
    --kube-api-content-type=application/vnd.kubernetes.protobuf
    --leader-elect=false --profiling=false)
  argv=("$(binary_path "$1")")
  case $1 in
    etcd)
      argv+=(--data-dir="$dir/data/etcd" --name=default --unsafe-no-fsync --log-level=warn
        --heartbeat-interval=50 --election-timeout=250 --quota-backend-bytes=8589934592
        --listen-client-urls="http://127.0.0.1:$etcd_port"
        --advertise-client-urls="http://127.0.0.1:$etcd_port"
        --listen-peer-urls="http://127.0.0.1:$etcd_peer_port"
        --initial-advertise-peer-urls="http://127.0.0.1:$etcd_peer_port"
        --initial-cluster="default=http://127.0.0.1:$etcd_peer_port")
      ;;
    kube-apiserver)
      if [[ $flavor == machine ]]; then
        argv=("$(realpath -- "${CANARIA_BIN:-$here/../build/release/canaria}")" up --quiet --data "$dir/data/machine"
          --controllers=workloads --port="$apiserver_port"
          --tls-cert-file="$dir/tls/apiserver.crt" --tls-private-key-file="$dir/tls/apiserver.key"
          --token-auth-file="$dir/tokens.csv" --audit-log="$dir/audit.log")
        return
      fi
      # Loopback is no address for the kubernetes Endpoints, hence reconciler none.
      argv+=(--etcd-servers="http://127.0.0.1:$etcd_port"
        --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --secure-port="$apiserver_port"
        --endpoint-reconciler-type=none --service-cluster-ip-range=10.0.0.0/16
        --cert-dir="$dir/tls" --client-ca-file="$dir/tls/ca.crt"
        --tls-cert-file="$dir/tls/apiserver.crt" --tls-private-key-file="$dir/tls/apiserver.key"
        --token-auth-file="$dir/tokens.csv" --authorization-mode=RBAC
        --service-account-issuer=https://kubernetes.default.svc
        --service-account-key-file="$dir/tls/service-account.pub"
        --service-account-signing-key-file="$dir/tls/service-account.key"
        --disable-admission-plugins=ServiceAccount --allow-privileged=true
        --audit-policy-file="$parts/audit-policy.yaml" --audit-log-path="$dir/audit.log"
        --audit-log-maxsize=100000 --delete-collection-workers=10 --profiling=false)
      ;;
    kube-controller-manager)
      # A paused or overloaded machine must not look like a dead node: long grace period.
      argv+=("${fast[@]}" --kubeconfig="$dir/tls/$1.kubeconfig" --secure-port=0
        --service-account-private-key-file="$dir/tls/service-account.key"
        --concurrent-deployment-syncs=20 --concurrent-replicaset-syncs=20
        --concurrent-statefulset-syncs=20 --concurrent-job-syncs=20
        --concurrent-endpoint-syncs=10 --concurrent-service-endpoint-syncs=10
        --concurrent-gc-syncs=20 --concurrent-namespace-syncs=10
        --node-monitor-period=1s --node-monitor-grace-period=1h
        --node-startup-grace-period=1h --horizontal-pod-autoscaler-sync-period=2s
        --controllers="*$(printf ',-%s' "${idle_controllers[@]}")")
      ;;
    kube-scheduler)
      argv+=("${fast[@]}" --kubeconfig="$dir/tls/$1.kubeconfig" --secure-port=0)
      ;;
    kwok)
      argv+=(--config="$parts/kwok.yaml" --kubeconfig="$dir/tls/$1.kubeconfig")
      ;;
  esac
}

# Loopback ports that nobody listens on now. They stay below the range from
# which the kernel gives ports to outgoing connections.
choose_ports() {
  local name port taken=' '
  for name in etcd_port etcd_peer_port apiserver_port; do
    while :; do
      port=$((18000 + RANDOM % 14000))
      [[ $taken == *" $port "* ]] && continue
      (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    taken+="$port "
    printf '%s=%s\n' "$name" "$port"
  done >"$dir/ports"
  # shellcheck disable=SC1091
  . "$dir/ports"
}

is_etcd_ready() {
  curl -sf --noproxy '*' --max-time 2 -o /dev/null "http://127.0.0.1:$etcd_port/health"
}

is_api_ready() {
  curl -sf --noproxy '*' --max-time 2 -o /dev/null --cacert "$dir/tls/ca.crt" \
    "https://127.0.0.1:$apiserver_port/readyz"
}

# kwok has made the nodes Ready and the controller manager has taken their
# not-ready taints away: from here on pods are scheduled and run.
are_nodes_ready() {
  local kubectl all
  kubectl=("$(binary_path kubectl)" --kubeconfig="$dir/kubeconfig" get)
  all=$("${kubectl[@]}" nodes -o \
    'jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{.spec.taints} {end}' \
    2>/dev/null) || return 1
  [[ $all == 'True True ' ]] && "${kubectl[@]}" namespace default >/dev/null 2>&1
}

# wait_for QUESTION COMPONENT...: asks until the answer is yes. Fails after two
# minutes, or at once when one of the components has ended.
wait_for() {
  local question=$1 name deadline=$((SECONDS + 120))
  shift
  until "$question"; do
    for name in "$@"; do
      if ! is_running "$name"; then
        say "$name ended:"
        tail -n 3 -- "$dir/log/$name.log" >&2 || true
        return 1
      fi
    done
    if ((SECONDS > deadline)); then
      say "gave up waiting: ${question//_/ } was never true"
      return 1
    fi
    sleep 0.1
  done
}

wait_for_component() {
  case $1 in
    etcd) wait_for is_etcd_ready "$1" ;;
    kube-apiserver) wait_for is_api_ready "$1" ;;
    *) is_running "$1" ;;
  esac
}

start_cluster() {
  mkdir -p -- "$dir/data" "$dir/log"
  choose_ports
  [[ $flavor == machine ]] || start_component etcd
  make_credentials || { say "openssl failed: see $dir/log/openssl.log"; return 1; }
  [[ $flavor == machine ]] || wait_for is_etcd_ready etcd || return 1
  start_component kube-apiserver
  wait_for is_api_ready kube-apiserver || return 1
  local name
  for name in "${components[@]}"; do is_running "$name" || start_component "$name"; done
  "$(binary_path kubectl)" --kubeconfig="$dir/kubeconfig" create --validate=false \
    -f "$parts/nodes.yaml" >/dev/null || return 1
  wait_for are_nodes_ready "${components[@]}"
}

# Starting and ending the processes of one cluster.
# shellcheck shell=bash disable=SC2154 # sourced by tools/cluster
#
# A pid file holds the process id and the start time that the kernel noted: a
# later process that was given the same id is never mistaken for ours.

seconds_since() {
  local us=$((${EPOCHREALTIME//[!0-9]/} - ${1//[!0-9]/}))
  printf '%d.%d' $((us / 1000000)) $((us / 100000 % 10))
}

# The start time of a live process; nothing if there is none. The name in the
# second field may hold spaces, so fields are counted after its bracket. A zombie
# that has lost its last thread is dead, however late its parent notices.
start_time_of() {
  local line fields state threads
  { line=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
  read -ra fields <<<"${line##*) }"
  state=${fields[0]} threads=${fields[17]}
  [[ $state == Z && $threads -le 1 ]] || printf '%s\n' "${fields[19]}"
}

pid_of() { cut -d' ' -f1 -- "$dir/pid/$1"; }

is_running() {
  local pid began
  [[ -s $dir/pid/$1 ]] || return 1
  read -r pid began <"$dir/pid/$1"
  [[ -n $began && $(start_time_of "$pid") == "$began" ]]
}

all_running() {
  local name
  for name in "${components[@]}"; do is_running "$name" || return 1; done
}

# Starts a component in its own session, so that it outlives this script and
# its terminal. HOME keeps the settings of the user's own tools out.
start_component() {
  local argv pid
  component_command "$1"
  mkdir -p -- "$dir/log" "$dir/pid"
  (
    [[ -z ${dir_lock:-} ]] || exec {dir_lock}>&-
    cd -- "$dir" || exit
    exec env -u KUBECONFIG HOME="$dir" setsid nohup "${argv[@]}"
  ) </dev/null >>"$dir/log/$1.log" 2>&1 &
  pid=$!
  disown "$pid" # bash need not announce its end
  printf '%s %s\n' "$pid" "$(start_time_of "$pid")" >"$dir/pid/$1"
}

signal_component() { ! is_running "$1" || kill "-$2" "$(pid_of "$1")" 2>/dev/null || true; }

# Waits until none of the named components runs, for at most $1 tenths of a second.
wait_until_gone() {
  local tenths=$1 name left
  shift
  while :; do
    left=0
    for name in "$@"; do ! is_running "$name" || left=1; done
    [[ $left == 1 && $tenths -gt 0 ]] || return "$left"
    tenths=$((tenths - 1))
    sleep 0.1
  done
}

# An API server with open watches takes its time to end; nothing that was
# written is lost when it, or etcd, is killed.
stop_component() {
  signal_component "$1" TERM
  wait_until_gone 20 "$1" || signal_component "$1" KILL
  wait_until_gone 50 "$1" || fail "$1 (pid $(pid_of "$1")) does not end"
  rm -f -- "$dir/pid/$1"
}

# Their data is about to be removed, so there is nothing to wait for: KILL.
stop_all() {
  local name
  for name in "${components[@]}"; do signal_component "$name" KILL; done
  wait_until_gone 100 "${components[@]}" || fail "some process in $dir/pid does not end"
}

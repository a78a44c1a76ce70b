#include "machine/pods/node_agent.h"

#include <algorithm>

#include "async/timers.h"
#include "machine/volumes/volume_folder.h"
#include "plan/pod/pod_view.h"
#include "telemetry/log.h"

namespace canaria::machine {
namespace {

// Plans in a row for one pod before others get their turn.
constexpr int kMostRounds = 10;
constexpr Millis kSoon{5};
constexpr Millis kConflictRetry{20};
constexpr Seconds kKillRetry{5};
constexpr Seconds kStopMargin{5};

const api::ContainerStatusEntry* entry_of(const api::RunningPod& pod, const std::string& name) {
  for (const auto* entries : {&pod.status.containerStatuses, &pod.status.initContainerStatuses})
    for (const api::ContainerStatusEntry& entry : *entries)
      if (entry.name == name) return &entry;
  return nullptr;
}

// A run that has been serving stays ready until a probe says otherwise.
void recall_probes(plan::ContainerFacts& facts, const api::RunningPod& pod, const std::string& name) {
  const api::ContainerStatusEntry* entry = entry_of(pod, name);
  if (!entry || !facts.run || entry->restartCount != facts.run->attempt || !entry->state.running) return;
  facts.startup_passed = entry->started.value_or(false);
  facts.readiness_passed = entry->ready.value_or(false);
  if (facts.startup_passed) facts.post_start = plan::HookState::kSucceeded;
}

}  // namespace

NodeAgent::NodeAgent(async::Loop& loop, Doors doors, StartWatch start_watch, Options options)
    : doors_(doors),
      options_(std::move(options)),
      start_watch_(std::move(start_watch)),
      capacity_(machine_capacity()),
      runner_(
          loop, doors, [this](const std::string& uid) { queue_.add(uid); },
          [this](const json::Value& written) {
            is_storing_own_ = true;
            caches_.pods.put(written);
            is_storing_own_ = false;
          }),
      queue_(
          loop, options_.workers, [this](std::string uid) { return reconcile(std::move(uid)); },
          [this] { return doors_.clock.now(); }) {
  if (options_.name.empty()) options_.name = host_name();
  caches_.pods.on_change([this](const auto& before, const auto& after) { pod_changed(before, after); });
  const auto on_config = [this](const auto& before, const auto& after) {
    config_changed((after ? after : before)->metadata.namespace_);
  };
  caches_.config_maps.on_change(on_config);
  caches_.secrets.on_change(on_config);
  caches_.on_sync([this] { synced_.set(); });
}

std::shared_ptr<const PodMemory> NodeAgent::memory_of(const std::string& uid) const {
  const auto found = memories_.find(uid);
  return found == memories_.end() ? nullptr : found->second;
}

// ---- start and stop

Task<Status> NodeAgent::start() {
  caches_.watch(start_watch_);
  co_await synced_.wait();
  CO_CHECK(co_await take_over());
  json::Value node = node_object(options_.name, options_.host_address, capacity_, doors_.clock.now());
  const Status registered = co_await register_node(&doors_.client, options_.name, std::move(node));
  if (!registered)
    telemetry::log_warning("the node object cannot be written", {{"node", options_.name}, {"error", registered.error().message}});
  is_begun_ = true;
  for (const auto& [uid, key] : keys_) queue_.add(uid);
  for (const auto& [uid, memory] : memories_) queue_.add(uid);
  queue_.start();
  co_return Status();
}

Task<void> NodeAgent::stop(StopPods choice) {
  if (choice == StopPods::kYes && is_begun_) {
    stop_begun_ = doors_.clock.now();
    for (const auto& [uid, memory] : memories_) {
      memory->is_settled = false;
      queue_.add(uid);
    }
    co_await async::run_bounded(wait_until_settled(), options_.stop_limit + kStopMargin);
  }
  co_await queue_.stop();
  co_await runner_.stop();
}

Task<void> NodeAgent::wait_until_settled() {
  const auto is_settled = [](const auto& entry) { return entry.second->is_settled && !entry.second->is_anything_running(); };
  while (!std::all_of(memories_.begin(), memories_.end(), is_settled)) {
    settled_.reset();
    co_await settled_.wait();
  }
}

Task<Status> NodeAgent::take_over() {
  auto known = co_await doors_.runtime.list();
  if (!known) co_return wrap("take over containers", known.error());
  std::map<std::string, std::vector<ContainerStatus>> by_pod;
  for (ContainerStatus& status : *known) by_pod[status.id.pod_uid].push_back(std::move(status));
  for (auto& [uid, runs] : by_pod) take_over_pod(uid, std::move(runs));
  std::set<std::string> uids;
  for (const auto& [uid, key] : keys_) uids.insert(uid);
  for (const auto& [uid, memory] : memories_) uids.insert(uid);
  if (!doors_.volumes_folder.empty()) remove_other_pods(doors_.volumes_folder, uids);
  co_return Status();
}

void NodeAgent::take_over_pod(const std::string& uid, std::vector<ContainerStatus> runs) {
  const PodPointer pod = pod_of(uid);
  auto memory = std::make_shared<PodMemory>();
  memory->uid = uid;
  if (pod) memory->key = pod->metadata.key();
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  for (const ContainerStatus& status : runs) {
    plan::ContainerFacts& facts = memory->containers[status.id.name];
    facts.run_before = facts.run;
    facts.run = run_from(status);
    memory->kept_attempts[status.id.name].push_back(status.id.attempt);
  }
  memories_[uid] = memory;
  if (pod) {
    recall_runs(*memory, *pod);
    if (!pod->status.podIP.empty()) {
      memory->address = pod->status.podIP;
      address_owners_[pod->status.podIP] = uid;
    }
    for (auto& [name, facts] : memory->containers) recall_probes(facts, *pod, name);
  }
  for (const auto& [name, facts] : memory->containers) runner_.adopt(memory, pod, name);
}

// ---- memory

PodPointer NodeAgent::pod_of(const std::string& uid) const {
  const auto found = keys_.find(uid);
  if (found == keys_.end()) return nullptr;
  PodPointer pod = caches_.pods.find(found->second);
  return pod && pod->metadata.uid == uid ? pod : nullptr;
}

MemoryPointer NodeAgent::remember(const api::RunningPod& pod) {
  MemoryPointer& memory = memories_[pod.metadata.uid];
  if (!memory) {
    memory = std::make_shared<PodMemory>();
    memory->uid = pod.metadata.uid;
    memory->key = pod.metadata.key();
    recall_runs(*memory, pod);
  }
  return memory;
}

// What only the status remembers, because the runtime's files are gone.
void NodeAgent::recall_runs(PodMemory& memory, const api::RunningPod& pod) {
  const auto shared = std::make_shared<const api::RunningPod>(pod);
  const plan::PodSnapshot snapshot = snapshot_of(memory, shared);
  const plan::PodView view(snapshot);
  for (const plan::ContainerView& container : view.containers())
    if (container.facts.run) memory.containers[container.spec->name].run = container.facts.run;
}

void NodeAgent::forget(const MemoryPointer& memory) {
  address_owners_.erase(memory->address);
  keys_.erase(memory->uid);
  memories_.erase(memory->uid);
}

// The address in the status stays as long as it is of this block and nobody else has it.
Status NodeAgent::give_address(PodMemory& memory, const api::RunningPod& pod) {
  if (!memory.address.empty()) return {};
  if (pod.spec.hostNetwork) {
    memory.address = options_.host_address;
    return {};
  }
  std::string address = pod.status.podIP;
  const bool is_usable = options_.addresses.holds(AddressUse::kPod, address) && !address_owners_.contains(address);
  if (!is_usable) {
    std::set<std::string> taken;
    for (const auto& [known, owner] : address_owners_) taken.insert(known);
    for (const auto& [uid, key] : keys_)
      if (const PodPointer other = pod_of(uid)) taken.insert(other->status.podIP);
    // Behind the last one, so that an address is not used again at once. The search begins at `last` itself.
    if (!last_address_.empty()) taken.insert(last_address_);
    const auto free = options_.addresses.next_free(AddressUse::kPod, taken, last_address_);
    if (!free) return fail(Code::kUnavailable, "no free pod address: all addresses of this machine are in use");
    address = *free;
  }
  last_address_ = address;
  memory.address = address;
  address_owners_[address] = memory.uid;
  return {};
}

// ---- work

plan::PodSnapshot NodeAgent::snapshot_of(const PodMemory& memory, const PodPointer& pod) const {
  plan::PodSnapshot snapshot;
  snapshot.now = doors_.clock.now();
  snapshot.pod = pod;
  snapshot.pod_address = memory.address;
  snapshot.host_address = options_.host_address;
  snapshot.node_cpu_millis = capacity_.cpu_millis;
  snapshot.node_memory_bytes = capacity_.memory_bytes;
  snapshot.containers = memory.containers;
  snapshot.volumes = memory.volumes;
  snapshot.lookup = caches_.lookup(pod->metadata.namespace_);
  snapshot.timing = options_.timing;
  if (stop_begun_)
    snapshot.stop_all_by = *stop_begun_ + std::min(options_.stop_limit, Seconds(pod->spec.terminationGracePeriodSeconds));
  return snapshot;
}

Task<Result<std::optional<Time>>> NodeAgent::reconcile(std::string uid) {
  ++passes_;
  PodPointer pod = pod_of(uid);
  const auto known = memories_.find(uid);
  if (!pod) {
    if (known == memories_.end()) {
      keys_.erase(uid);
      co_return std::nullopt;
    }
    const MemoryPointer gone = known->second;
    if (!runner_.purge(gone)) co_return doors_.clock.now() + kKillRetry;
    forget(gone);
    settled_.set();
    co_return std::nullopt;
  }
  // A pod that ended in an earlier life of this program and has left nothing behind.
  if (known == memories_.end() && pod->is_finished()) co_return std::nullopt;
  const MemoryPointer memory = remember(*pod);
  CO_CHECK(give_address(*memory, *pod));
  memory->is_settled = false;
  for (int round = 0; round < kMostRounds; ++round) {
    plan::PodPlan plan = plan::plan_pod(snapshot_of(*memory, pod));
    if (plan.actions.empty() || memory->is_delete_confirmed) {
      memory->is_settled = true;
      settled_.set();
      co_return plan.wake_at;
    }
    const Status applied = co_await runner_.apply(memory, pod, std::move(plan));
    if (!applied && applied.error().code == Code::kConflict) co_return doors_.clock.now() + kConflictRetry;
    CO_CHECK(applied);
    pod = pod_of(uid);
    if (!pod) break;
  }
  co_return doors_.clock.now() + kSoon;
}

// ---- events

void NodeAgent::pod_changed(const PodPointer& before, const PodPointer& after) {
  for (const PodPointer& pod : {before, after}) {
    if (!pod || pod->spec.nodeName != options_.name) continue;
    if (pod == after) keys_[pod->metadata.uid] = pod->metadata.key();
    if (is_begun_ && !is_storing_own_) queue_.add(pod->metadata.uid);
  }
}

// A container that has not started yet may be waiting for it, and volumes follow it.
void NodeAgent::config_changed(const std::string& namespace_) {
  if (!is_begun_) return;
  for (const auto& [uid, memory] : memories_) {
    if (memory->key.namespace_ != namespace_) continue;
    const PodPointer pod = pod_of(uid);
    if (!pod) continue;
    const bool waits = std::any_of(pod->status.containerStatuses.begin(), pod->status.containerStatuses.end(),
                                   [](const auto& entry) { return entry.state.waiting.has_value(); });
    if (waits || !pod->spec.volumes.empty()) queue_.add(uid);
  }
}

}  // namespace canaria::machine

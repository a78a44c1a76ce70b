// At most one controller acts at a time: holds a Lease that others see. The holder stops acting before the Lease can pass to
// another, even when it cannot reach the API server: it gives up renew_deadline after its last success, which is shorter than
// the lease_duration a standby waits.
//
// Whether a foreign Lease has expired is judged by how long it has not changed before our own eyes, never by its timestamps:
// clocks of machines differ.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <string>

#include "async/event.h"
#include "async/task.h"
#include "ports/clock.h"
#include "ports/object_client.h"

namespace canaria::kube {

struct LeaderOptions {
  api::ObjectKey lease;            // namespace and name
  std::string identity;            // see make_identity()
  Millis lease_duration{15'000};
  Millis renew_deadline{10'000};
  Millis retry_period{2'000};
  unsigned seed = 1;
  std::function<void(const Error&)> on_failure;                 // an attempt that failed
  std::function<void(const std::string& holder)> on_new_leader;  // also for ourselves
};

// "<hostname>_<uuid>".
std::string make_identity();
// "argo-rollouts-controller-lock", with "-<instance id>" when there is one.
std::string lease_name(const std::string& instance_id);

class LeaderElector {
 public:
  // The client and clock must outlive the coroutines. REQUIRES: retry_period < renew_deadline < lease_duration.
  LeaderElector(ObjectClient& client, const Clock& clock, LeaderOptions options);

  // Returns once the Lease is ours.
  Task<void> acquire();
  // Renews until that fails for too long or another has taken the Lease; returns why. Stop acting at once then.
  Task<Error> hold();
  // Gives the Lease up so that a successor need not wait. Only after everything has stopped acting.
  Task<void> release();

  bool is_leader() const { return is_leader_; }
  // Whether the Lease is known to be ours right now. False as soon as the renew deadline has passed, even before hold() has
  // had a chance to notice: a process that was frozen asks this first.
  bool may_act() const { return is_leader_ && Steady::now() < renewed_at_ + options_.renew_deadline; }

 private:
  using Steady = std::chrono::steady_clock;
  struct Seen {
    json::Value lease;
    std::string holder;
    std::string version;
    Millis duration{0};
    Steady::time_point at;
  };
  Task<Status> attempt();
  Task<Status> bounded_attempt(Millis limit);
  Task<Status> create();
  Task<Status> write(json::Value lease);
  Task<Status> look();
  void see(json::Value lease);
  json::Value renewed() const;
  Millis pause();

  ObjectClient& client_;
  const Clock& clock_;
  LeaderOptions options_;
  std::minstd_rand random_;
  std::optional<Seen> seen_;
  std::string reported_;
  Steady::time_point renewed_at_{};
  bool is_leader_ = false;
};

}  // namespace canaria::kube

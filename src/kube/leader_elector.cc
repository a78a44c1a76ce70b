#include "kube/leader_elector.h"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "async/timers.h"
#include "base/assert.h"

namespace canaria::kube {

std::string make_identity() {
  char host[256] = {};
  ::gethostname(host, sizeof(host) - 1);
  boost::uuids::random_generator generate;
  return fmt::format("{}_{}", host, boost::uuids::to_string(generate()));
}

std::string lease_name(const std::string& instance_id) {
  const std::string name = "argo-rollouts-controller-lock";
  return instance_id.empty() ? name : name + "-" + instance_id;
}

LeaderElector::LeaderElector(ObjectClient& client, const Clock& clock, LeaderOptions options)
    : client_(client), clock_(clock), options_(std::move(options)), random_(options_.seed) {
  CANARIA_ASSERT(options_.retry_period < options_.renew_deadline && options_.renew_deadline < options_.lease_duration,
                 "the times of the leader election contradict each other");
}

Task<void> LeaderElector::acquire() {
  for (;;) {
    const auto begin = Steady::now();
    const Status tried = co_await bounded_attempt(options_.renew_deadline);
    if (tried) {
      is_leader_ = true;
      renewed_at_ = begin;
      co_return;
    }
    // A Lease held by another is the normal life of a standby.
    if (tried.error().code != Code::kConflict && options_.on_failure) options_.on_failure(tried.error());
    const Millis wait = pause();
    co_await async::sleep_for(wait);
  }
}

Task<Error> LeaderElector::hold() {
  CANARIA_ASSERT(is_leader_, "only a leader holds the Lease");
  std::string last_failure = "no answer";
  for (;;) {
    co_await async::sleep_for(options_.retry_period);
    const auto begin = Steady::now();
    const auto deadline = renewed_at_ + options_.renew_deadline;
    if (begin < deadline) {
      const Millis left = std::chrono::duration_cast<Millis>(deadline - begin);
      const Status tried = co_await bounded_attempt(left);
      if (tried) {
        renewed_at_ = begin;
        continue;
      }
      last_failure = tried.error().message;
      if (options_.on_failure) options_.on_failure(tried.error());
      const bool taken = seen_ && !seen_->holder.empty() && seen_->holder != options_.identity;
      if (taken) {
        is_leader_ = false;
        co_return Error{Code::kConflict, fmt::format("the lease {} was taken by {}", options_.lease.text(), seen_->holder), {}};
      }
    }
    if (Steady::now() + options_.retry_period < deadline) continue;
    is_leader_ = false;
    co_return Error{
        Code::kTimeout, fmt::format("the lease {} could not be renewed in time: {}", options_.lease.text(), last_failure), {}};
  }
}

Task<void> LeaderElector::release() {
  is_leader_ = false;
  if (!seen_ || seen_->holder != options_.identity) co_return;
  json::Value lease = renewed();
  json::Object& spec = lease.as_object()["spec"].as_object();
  spec["holderIdentity"] = "";
  spec["leaseDurationSeconds"] = 1;
  Task<Status> writing = write(std::move(lease));
  const Status ignored = co_await async::with_timeout(std::move(writing), options_.retry_period, "release the lease");
}

Task<Status> LeaderElector::bounded_attempt(Millis limit) {
  return async::with_timeout(attempt(), limit, "lease " + options_.lease.text());
}

// Success: the Lease is ours and fresh. kConflict: another holds it.
Task<Status> LeaderElector::attempt() {
  if (is_leader_ && seen_) {  // the usual renewal: one request
    json::Value lease = renewed();
    const Status written = co_await write(std::move(lease));
    if (written) co_return written;
  }
  const Status looked = co_await look();
  if (!looked && looked.error().code == Code::kNotFound) co_return co_await create();
  CO_CHECK(looked);
  const bool ours = seen_->holder == options_.identity;
  if (!ours && !seen_->holder.empty() && Steady::now() < seen_->at + seen_->duration)
    co_return fail(Code::kConflict, "held by " + seen_->holder);
  json::Value lease = renewed();
  co_return co_await write(std::move(lease));
}

Task<Status> LeaderElector::look() {
  auto lease = co_await client_.get(api::resources::leases(), options_.lease);
  if (!lease) co_return fail(lease.error());
  see(*std::move(lease));
  co_return Status();
}

Task<Status> LeaderElector::create() {
  const std::string now = format_micro_time(clock_.now());
  json::Object spec = {{"holderIdentity", options_.identity}, {"acquireTime", now}, {"renewTime", now}};
  spec["leaseDurationSeconds"] = std::chrono::ceil<Seconds>(options_.lease_duration).count();
  spec["leaseTransitions"] = 0;
  json::Object object = {{"apiVersion", "coordination.k8s.io/v1"}, {"kind", "Lease"}};
  object["metadata"] = json::Object{{"name", options_.lease.name}, {"namespace", options_.lease.namespace_}};
  object["spec"] = std::move(spec);
  const WriteOptions options;
  auto created = co_await client_.create(api::resources::leases(), options_.lease, json::Value(std::move(object)), options);
  if (!created) co_return fail(created.error());
  see(*std::move(created));
  co_return Status();
}

Task<Status> LeaderElector::write(json::Value lease) {
  const WriteOptions options;
  auto written = co_await client_.update(api::resources::leases(), options_.lease, std::move(lease), options);
  if (!written) co_return fail(written.error());
  see(*std::move(written));
  co_return Status();
}

void LeaderElector::see(json::Value lease) {
  Seen now;
  now.holder = json::text_at(lease, "spec.holderIdentity");
  now.version = json::text_at(lease, "metadata.resourceVersion");
  now.duration = Millis(Seconds(json::int_at(lease, "spec.leaseDurationSeconds", 0)));
  now.at = seen_ && seen_->version == now.version ? seen_->at : Steady::now();
  if (json::Value* metadata = lease.as_object().if_contains("metadata"); metadata && metadata->is_object())
    metadata->get_object().erase("managedFields");
  now.lease = std::move(lease);
  seen_ = std::move(now);
  if (seen_->holder == reported_) return;
  reported_ = seen_->holder;
  if (options_.on_new_leader && !reported_.empty()) options_.on_new_leader(reported_);
}

// The Lease last seen with us as its holder from now on. Its resourceVersion makes the write fail if it has changed.
json::Value LeaderElector::renewed() const {
  json::Value lease = seen_->lease;
  json::Value& spec = lease.as_object()["spec"];
  if (!spec.is_object()) spec.emplace_object();
  json::Object& members = spec.get_object();
  const std::string now = format_micro_time(clock_.now());
  if (seen_->holder != options_.identity) {
    members["acquireTime"] = now;
    members["leaseTransitions"] = json::int_at(seen_->lease, "spec.leaseTransitions") + 1;
  }
  members["holderIdentity"] = options_.identity;
  members["leaseDurationSeconds"] = std::chrono::ceil<Seconds>(options_.lease_duration).count();
  members["renewTime"] = now;
  return lease;
}

// The retry period and up to a fifth more, so that standbys do not move in step.
Millis LeaderElector::pause() {
  std::uniform_int_distribution<std::int64_t> spread(0, options_.retry_period.count() / 5);
  return options_.retry_period + Millis(spread(random_));
}

}  // namespace canaria::kube

#include "kube/event_correlator.h"

#include <algorithm>
#include <fmt/format.h>

namespace canaria::kube {
namespace {

constexpr std::size_t kRemembered = 1024;
constexpr std::size_t kMostMessages = 10;
constexpr Seconds kSimilarFor{600};
constexpr double kBurst = 25;
constexpr double kRefill = 1.0 / 300;

std::string key_of(const EventTarget& target) {
  return fmt::format("{}\n{}\n{}\n{}\n{}", target.api_version, target.kind, target.key.text(), target.uid, target.field_path);
}

TokenBucket::Instant as_instant(Time time) { return TokenBucket::Instant(time.time_since_epoch()); }

}  // namespace

EventCorrelator::EventCorrelator() : budgets_(kRemembered), similar_(kRemembered), sent_(kRemembered) {}
EventCorrelator::~EventCorrelator() = default;

std::optional<OutgoingEvent> EventCorrelator::take(EventTarget target, api::EventType type, std::string reason,
                                                   std::string message, Time now) {
  const std::string object = key_of(target);
  std::string kind = fmt::format("{}\n{}\n{}", object, static_cast<int>(type), reason);

  Similar& similar = similar_.touch(kind);
  if (now - similar.last > kSimilarFor) similar.messages.clear();
  similar.last = now;
  similar.messages.insert(message);
  if (similar.messages.size() >= kMostMessages) {
    similar.messages.erase(similar.messages.begin());
    message = "(combined from similar events): " + message;
  } else {
    kind += "\n" + message;
  }

  Sent& sent = sent_.touch(kind);
  OutgoingEvent event;
  event.is_known = sent.count > 0;
  if (!event.is_known) {
    const auto nanos = static_cast<std::uint64_t>(std::chrono::nanoseconds(now.time_since_epoch()).count());
    last_suffix_ = std::max(nanos, last_suffix_ + 1);
    sent.name = fmt::format("{}.{:x}", target.key.name, last_suffix_);
    sent.first = now;
  }
  ++sent.count;
  if (!budgets_.touch(object, kRefill, kBurst).try_take(as_instant(now))) {
    if (!event.is_known) sent.count = 0;  // it was never sent, so the next one is new
    return std::nullopt;
  }
  event.key = {target.key.namespace_.empty() ? "default" : target.key.namespace_, sent.name};
  event.target = std::move(target);
  event.type = type;
  event.reason = std::move(reason);
  event.message = std::move(message);
  event.first = sent.first;
  event.last = now;
  event.count = sent.count;
  return event;
}

}  // namespace canaria::kube

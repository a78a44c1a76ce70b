#include "kube/event_sink.h"

#include "async/timers.h"

namespace canaria::kube {
namespace {

json::Value event_object(const OutgoingEvent& event, const std::string& component) {
  const EventTarget& target = event.target;
  json::Object involved = {{"kind", target.kind}, {"apiVersion", target.api_version}, {"name", target.key.name}};
  if (!target.key.namespace_.empty()) involved["namespace"] = target.key.namespace_;
  if (!target.uid.empty()) involved["uid"] = target.uid;
  if (!target.resource_version.empty()) involved["resourceVersion"] = target.resource_version;
  if (!target.field_path.empty()) involved["fieldPath"] = target.field_path;
  json::Object object = {{"kind", "Event"}, {"apiVersion", "v1"}};
  object["metadata"] = json::Object{{"name", event.key.name}, {"namespace", event.key.namespace_}};
  object["involvedObject"] = std::move(involved);
  object["reason"] = event.reason;
  object["message"] = event.message;
  object["source"] = json::Object{{"component", component}};
  object["firstTimestamp"] = format_time(event.first);
  object["lastTimestamp"] = format_time(event.last);
  object["count"] = event.count;
  object["type"] = event.type == api::EventType::kNormal ? "Normal" : "Warning";
  object["eventTime"] = nullptr;
  object["reportingComponent"] = component;
  object["reportingInstance"] = "";
  return object;
}

bool is_worth_a_retry(Code code) {
  return code == Code::kUnavailable || code == Code::kTimeout || code == Code::kInternal || code == Code::kTooManyRequests;
}

}  // namespace

EventSink::EventSink(async::Loop& loop, ObjectClient& client, const Clock& clock, EventSinkOptions options)
    : client_(client), clock_(clock), options_(std::move(options)), scope_(loop) {}

void EventSink::record(EventTarget target, api::EventType type, std::string reason, std::string message) {
  if (options_.on_record) options_.on_record(target, type, reason);
  auto event = correlator_.take(std::move(target), type, std::move(reason), std::move(message), clock_.now());
  if (!event || fold(*event)) return;
  if (queued() >= options_.queue_limit) drop_oldest();
  if (event->is_known) repeated_.push_back({*std::move(event), std::chrono::steady_clock::now() + options_.fold_time});
  else fresh_.push_back(*std::move(event));
  changed_.set();
}

// An event of this name that has not been sent yet takes the new count, time and message.
bool EventSink::fold(const OutgoingEvent& event) {
  const auto merge = [&event](OutgoingEvent& waiting) {
    if (waiting.key != event.key) return false;
    waiting.count = event.count;
    waiting.last = event.last;
    waiting.message = event.message;
    return true;
  };
  if (!event.is_known) return false;
  for (OutgoingEvent& waiting : fresh_)
    if (merge(waiting)) return true;
  for (Waiting& waiting : repeated_)
    if (merge(waiting.event)) return true;
  return false;
}

void EventSink::drop_oldest() {
  ++dropped_;
  if (!fresh_.empty()) fresh_.pop_front();
  else repeated_.pop_front();
  if (options_.on_drop) options_.on_drop(Error{Code::kTooManyRequests, "the event queue is full", std::nullopt});
}

Task<void> EventSink::stop(Millis limit) {
  stopping_ = true;
  changed_.set();
  Task<void> joining = scope_.join();
  const async::Bounded joined = co_await async::run_bounded(std::move(joining), limit);
  if (joined == async::Bounded::kTimedOut) co_await scope_.stop();
}

Task<void> EventSink::send_all() {
  for (;;) {
    changed_.reset();
    if (!fresh_.empty()) {
      OutgoingEvent event = std::move(fresh_.front());
      fresh_.pop_front();
      co_await send(std::move(event));
    } else if (!repeated_.empty() && (stopping_ || repeated_.front().due <= std::chrono::steady_clock::now())) {
      OutgoingEvent event = std::move(repeated_.front().event);
      repeated_.pop_front();
      co_await send(std::move(event));
    } else if (stopping_) {
      co_return;
    } else {
      const async::SteadyTime due = repeated_.empty() ? async::SteadyTime::max() : repeated_.front().due;
      co_await changed_.wait_until(due);
    }
  }
}

Task<void> EventSink::send(OutgoingEvent event) {
  for (int tries = 1;; ++tries) {
    Status sent = fail(Code::kNotFound, "");
    if (event.is_known) sent = co_await raise_count(event);
    if (!sent && sent.error().code == Code::kNotFound) sent = co_await create(event);  // new, or expired on the server
    if (sent || sent.error().code == Code::kAlreadyExists) co_return;
    if (!is_worth_a_retry(sent.error().code) || tries >= options_.most_tries) {
      ++dropped_;
      if (options_.on_drop) options_.on_drop(sent.error());
      co_return;
    }
    co_await async::sleep_for(options_.retry_delay);
  }
}

Task<Status> EventSink::create(OutgoingEvent event) {
  json::Value object = event_object(event, options_.component);
  const WriteOptions options;
  const auto created = co_await client_.create(api::resources::events(), event.key, std::move(object), options);
  if (!created) co_return fail(created.error());
  co_return Status();
}

Task<Status> EventSink::raise_count(OutgoingEvent event) {
  json::Object patch = {{"count", event.count}, {"lastTimestamp", format_time(event.last)}, {"message", event.message}};
  json::Value body(std::move(patch));
  const WriteOptions options;
  const auto patched = co_await client_.patch(api::resources::events(), event.key, PatchKind::kMerge, std::move(body), options);
  if (!patched) co_return fail(patched.error());
  co_return Status();
}

}  // namespace canaria::kube

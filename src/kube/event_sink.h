// Sends recorded events as Kubernetes Events in the background: correlated, in order, one at a time, with retries. Repetitions
// within a short time become one request. The queue is bounded; the oldest are dropped when the server cannot keep up.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "async/event.h"
#include "async/scope.h"
#include "kube/event_correlator.h"
#include "ports/clock.h"
#include "ports/event_recorder.h"
#include "ports/object_client.h"

namespace canaria::kube {

struct EventSinkOptions {
  std::string component = "rollouts-controller";
  std::size_t queue_limit = 1000;
  Millis fold_time{1'000};   // how long a higher count waits for further repetitions
  Millis retry_delay{1'000};
  int most_tries = 12;
  std::function<void(const EventTarget&, api::EventType, const std::string& reason)> on_record;
  std::function<void(const Error&)> on_drop;  // an event that could not be delivered
};

class EventSink final : public EventRecorder {
 public:
  // The client and clock must outlive this object.
  EventSink(async::Loop& loop, ObjectClient& client, const Clock& clock, EventSinkOptions options);

  void start() { scope_.spawn(send_all()); }
  void record(EventTarget target, api::EventType type, std::string reason, std::string message) override;
  // Sends what is queued, waiting at most so long, then ends.
  Task<void> stop(Millis limit);

  std::size_t queued() const { return fresh_.size() + repeated_.size(); }
  std::size_t dropped() const { return dropped_; }

 private:
  struct Waiting {
    OutgoingEvent event;
    async::SteadyTime due;
  };
  Task<void> send_all();
  Task<void> send(OutgoingEvent event);
  Task<Status> create(OutgoingEvent event);
  Task<Status> raise_count(OutgoingEvent event);
  bool fold(const OutgoingEvent& event);
  void drop_oldest();

  ObjectClient& client_;
  const Clock& clock_;
  EventSinkOptions options_;
  EventCorrelator correlator_;
  std::deque<OutgoingEvent> fresh_;
  std::deque<Waiting> repeated_;  // ordered by due, because the fold time is constant
  async::Event changed_;
  async::Scope scope_;
  std::size_t dropped_ = 0;
  bool stopping_ = false;
};

}  // namespace canaria::kube

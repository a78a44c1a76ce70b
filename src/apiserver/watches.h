// watch: lines of JSON as long as the client listens. Each watch is a position in the store's history; what it has to send is
// written whenever the client has taken what was sent before, so that a slow client costs no memory and one that is too slow is
// told that its position is too old.
#pragma once

#include "apiserver/api_request.h"
#include "ports/clock.h"
#include "store/object_store.h"

namespace canaria::apiserver {

class Watches {
 public:
  Watches(store::ObjectStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  // A streamed answer, or the refusal of what can be refused before it begins. `on_end` is called when the client or the
  // server has ended the watch, if it began.
  net::ServerResponse begin(RequestPointer request, std::function<void()> on_end);

  std::size_t running() const { return running_; }

 private:
  struct Lines;
  Task<void> run(RequestPointer request, WatchQuery query, std::function<void()> on_end, net::ResponseStream* out);
  static Task<Status> send(Lines* lines, net::ResponseStream* out);

  store::ObjectStore& store_;
  const Clock& clock_;
  std::size_t running_ = 0;
};

}  // namespace canaria::apiserver

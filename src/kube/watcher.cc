#include "kube/watcher.h"

#include <algorithm>
#include <exception>

#include "async/timers.h"

namespace canaria::kube {
namespace {

constexpr std::string_view kInitialEventsEnd = "k8s.io/initial-events-end";
constexpr std::chrono::milliseconds kShortWatch{1000};

bool ends_initial_events(const json::Value& bookmark) {
  const json::Value* annotations = json::find(bookmark, "metadata.annotations");
  const json::Object* members = annotations ? annotations->if_object() : nullptr;
  const json::Value* mark = members ? members->if_contains(kInitialEventsEnd) : nullptr;
  return mark && mark->is_string() && mark->get_string() == "true";
}

}  // namespace

Watcher::Watcher(ObjectClient& client, ObjectSink& sink, WatcherOptions options)
    : client_(client), sink_(sink), options_(std::move(options)), random_(options_.seed) {}

Task<void> Watcher::run() {
  for (;;) {
    const std::size_t before = progress_;
    const auto begin = std::chrono::steady_clock::now();
    const Status ended = co_await step();
    if (progress_ != before) failures_ = 0;
    const bool expired = !ended && ended.error().code == Code::kExpired;
    if (expired && !position_.empty()) {  // list again at once
      position_.clear();
      continue;
    }
    // A watch that ends at once without a word would otherwise be repeated as fast as the network allows.
    const bool lasted = progress_ != before || std::chrono::steady_clock::now() - begin >= kShortWatch;
    if (ended && lasted) continue;
    const Millis delay = next_delay();
    if (!ended && options_.on_failure) options_.on_failure(ended.error(), delay);
    co_await async::sleep_for(delay);
  }
}

Task<Status> Watcher::step() {
  if (!position_.empty()) return follow();
  return can_stream_ ? start_streaming() : start_with_pages();
}

// One connection for the list and the watch after it; each object is parsed, converted and forgotten on its own.
Task<Status> Watcher::start_streaming() {
  WatchQuery wanted = query();
  wanted.initial = InitialEvents::kYes;
  sink_.begin_replace();
  listing_ = true;
  const WatchSink sink = [this](const WatchEvent& event) { take(event); };
  auto ended = co_await client_.watch(options_.resource, std::move(wanted), sink);
  if (!ended && ended.error().code == Code::kInvalid && listing_) {
    can_stream_ = false;
    co_return co_await start_with_pages();
  }
  if (ended && listing_) co_return fail(Code::kUnavailable, "the server ended the watch before the list was complete");
  co_return ended;
}

Task<Status> Watcher::start_with_pages() {
  sink_.begin_replace();
  listing_ = true;
  ListQuery wanted;
  wanted.namespace_ = options_.namespace_;
  wanted.label_selector = options_.label_selector;
  wanted.field_selector = options_.field_selector;
  wanted.limit = options_.page_limit;
  for (;;) {
    CO_TRY(ObjectList page, co_await client_.list(options_.resource, wanted));
    for (json::Value& item : page.items) {
      const WatchEvent event{WatchEventKind::kAdded, std::move(item)};
      take(event);
    }
    if (page.continue_.empty()) {
      finish_list(page.resource_version);
      co_return Status();
    }
    wanted.continue_ = page.continue_;
  }
}

Task<Status> Watcher::follow() {
  WatchQuery wanted = query();
  wanted.resource_version = position_;
  const WatchSink sink = [this](const WatchEvent& event) { take(event); };
  return client_.watch(options_.resource, std::move(wanted), sink);
}

WatchQuery Watcher::query() {
  WatchQuery wanted;
  wanted.namespace_ = options_.namespace_;
  wanted.label_selector = options_.label_selector;
  wanted.field_selector = options_.field_selector;
  std::uniform_int_distribution<std::int64_t> spread(0, options_.watch_time.count());
  wanted.timeout = options_.watch_time + Seconds(spread(random_));
  return wanted;
}

// One object that cannot be converted is reported and passed over; the others must not wait for it.
void Watcher::take(const WatchEvent& event) {
  ++progress_;
  try {
    if (event.kind == WatchEventKind::kDeleted) sink_.drop(event.object);
    if (event.kind == WatchEventKind::kAdded || event.kind == WatchEventKind::kModified) sink_.put(event.object);
  } catch (const std::exception& thrown) {
    const std::string name(json::text_at(event.object, "metadata.name"));
    const Error error{Code::kInvalid, options_.resource.qualified() + " " + name + ": passed over: " + thrown.what(),
                      std::nullopt};
    if (options_.on_failure) options_.on_failure(error, Millis(0));
  }
  const std::string version(json::text_at(event.object, "metadata.resourceVersion"));
  if (event.kind == WatchEventKind::kBookmark && listing_ && ends_initial_events(event.object)) finish_list(version);
  if (!listing_ && !version.empty()) position_ = version;
}

void Watcher::finish_list(const std::string& resource_version) {
  listing_ = false;
  position_ = resource_version;
  sink_.end_replace(resource_version);
  synced_.set();
}

// Half to all of the doubled delay, so that many watchers do not return to a restarted server in step.
Millis Watcher::next_delay() {
  const unsigned doublings = std::min(failures_++, 20U);
  const Millis full = std::min(options_.longest_delay, options_.first_delay * (std::int64_t{1} << doublings));
  std::uniform_int_distribution<std::int64_t> spread(full.count() / 2, full.count());
  return Millis(spread(random_));
}

}  // namespace canaria::kube

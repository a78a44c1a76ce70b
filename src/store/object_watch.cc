// Watches: each is a position in the history and a selection, and looks for itself what came after its position. So a slow
// watch costs no queue, and one that has fallen out of the window is told so.
#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "async/cancelled.h"
#include "async/timers.h"
#include "json/write.h"
#include "store/metadata.h"
#include "store/object_store.h"

namespace canaria::store {

struct ObjectStore::Cursor {
  api::Resource resource;
  ResourceId id = 0;
  ObjectSelection selection;
  Revision position = 0;
  Revision announced = 0;  // the last revision that the watcher knows of
  InitialEvents initial = InitialEvents::kNo;
  bool from_start = false;
  async::SteadyTime deadline;
};

namespace {

// Objects that are sent before others get a turn on the loop.
constexpr std::size_t kPortion = 500;

ObjectPointer bookmark(const api::Resource& resource, Revision revision, InitialEvents initial) {
  json::Object metadata;
  metadata["resourceVersion"] = std::to_string(revision);
  if (initial == InitialEvents::kYes) metadata["annotations"] = json::Object{{"k8s.io/initial-events-end", "true"}};
  json::Object object;
  object["kind"] = resource.kind;
  object["apiVersion"] = resource.api_version();
  object["metadata"] = std::move(metadata);
  StoredObject stored;
  stored.revision = revision;
  stored.text = json::write(json::Value(std::move(object)));
  return std::make_shared<const StoredObject>(std::move(stored));
}

// The object as it was when it still belonged to the selection, under the revision at which it left.
ObjectPointer as_left(const Change& change) {
  if (!change.before) return change.object;
  auto parsed = json::parse(change.before->text);
  if (!parsed) return change.object;
  metadata_of(parsed->get_object())["resourceVersion"] = std::to_string(change.object->revision);
  StoredObject left = *change.before;
  left.revision = change.object->revision;
  left.text = json::write(*parsed);
  return std::make_shared<const StoredObject>(std::move(left));
}

tl::unexpected<Error> too_old(Revision wanted, Revision floor) {
  return fail(Code::kExpired, fmt::format("too old resource version: {} ({})", wanted, floor));
}

}  // namespace

Result<ObjectStore::Cursor> ObjectStore::begin_watch(const api::Resource& resource, const WatchQuery& query) {
  const ResourceEntry& entry = catalog_.entry(resource);
  Cursor cursor;
  cursor.resource = resource;
  cursor.id = entry.id;
  const std::string namespace_ = entry.resource.scope == api::Scope::kCluster ? "" : query.namespace_;
  TRY(cursor.selection, ObjectSelection::make(entry.policy, namespace_, query.label_selector, query.field_selector));
  TRY(cursor.position, parse_revision(query.resource_version));
  cursor.initial = query.initial;
  cursor.from_start = cursor.position == 0 || query.initial == InitialEvents::kYes;
  // A position of the future was given by a database that is no longer there.
  if (cursor.position > catalog_.revision()) return too_old(cursor.position, catalog_.revision());
  cursor.deadline = std::chrono::steady_clock::now() + query.timeout;
  return cursor;
}

Task<Status> ObjectStore::watch(api::Resource resource, WatchQuery query, WatchSink sink) {
  StoredSink parsing = [sink = std::move(sink)](const StoredEvent& event) {
    auto object = json::parse(event.object->text);
    if (object) sink(WatchEvent{event.kind, *std::move(object)});
  };
  return watch_stored(std::move(resource), std::move(query), std::move(parsing));
}

Task<Status> ObjectStore::watch_stored(api::Resource resource, WatchQuery query, StoredSink sink, StoredPause pause) {
  if (closing_) co_return fail(Code::kUnavailable, "the store is closing: try again after the next start");
  CO_TRY(Cursor cursor, begin_watch(resource, query));
  if (cursor.from_start) {
    CO_CHECK(co_await send_initial(&cursor, sink, pause));
  }
  co_return co_await follow(&cursor, std::move(sink), std::move(pause));
}

Task<Status> ObjectStore::send_initial(Cursor* cursor, StoredSink sink, StoredPause pause) {
  cursor->position = cursor->announced = catalog_.revision();
  const std::vector<KeyedObject> objects = catalog_.select(cursor->id, cursor->selection);
  std::size_t sent = 0;
  for (const KeyedObject& keyed : objects) {
    const StoredEvent event{WatchEventKind::kAdded, keyed.object};
    sink(event);
    if (++sent % kPortion != 0) continue;
    co_await async::sleep_for(Millis(0));
    if (pause) {
      CO_CHECK(co_await pause());
    }
  }
  if (cursor->initial == InitialEvents::kYes) {
    const StoredEvent end{WatchEventKind::kBookmark, bookmark(cursor->resource, cursor->position, InitialEvents::kYes)};
    sink(end);
  }
  co_return Status();
}

Task<Status> ObjectStore::follow(Cursor* cursor, StoredSink sink, StoredPause pause) {
  auto next_bookmark = std::chrono::steady_clock::now() + options_.bookmark_interval;
  for (;;) {
    CO_CHECK(send_changes(*cursor, sink));
    const auto now = std::chrono::steady_clock::now();
    const bool over = now >= cursor->deadline || closing_;
    if (over || now >= next_bookmark) {
      // Moves the watcher's position along although nothing of it has changed, so that it never becomes too old.
      if (cursor->position > cursor->announced) {
        const StoredEvent event{WatchEventKind::kBookmark, bookmark(cursor->resource, cursor->position, InitialEvents::kNo)};
        sink(event);
      }
      cursor->announced = cursor->position;
      next_bookmark = now + options_.bookmark_interval;
    }
    if (pause) {
      CO_CHECK(co_await pause());
    }
    if (over) co_return Status();
    // Changes that came while it paused.
    if (pause && catalog_.revision() > cursor->position) continue;
    const async::Wake wake = co_await changed_.wait_until(std::min(cursor->deadline, next_bookmark));
    if (wake == async::Wake::kCancelled) async::throw_cancelled();
  }
}

Status ObjectStore::send_changes(Cursor& cursor, const StoredSink& sink) const {
  if (cursor.position < catalog_.floor()) return too_old(cursor.position, catalog_.floor());
  while (const Change* change = catalog_.change_after(cursor.position)) {
    cursor.position = change->object->revision;
    if (change->resource == cursor.id)
      send_change(cursor, *change, [&](const StoredEvent& event) {
        cursor.announced = cursor.position;
        sink(event);
      });
  }
  return {};
}

// What a change is to this watch depends on whether the object was and is part of its selection. Where the version before is
// not known any more (a watch that goes on after a restart), it counts as part: a deletion too many does no harm.
void ObjectStore::send_change(const Cursor& cursor, const Change& change, const StoredSink& sink) {
  const bool is_new = change.kind == ChangeKind::kAdded;
  const bool is_gone = change.kind == ChangeKind::kDeleted;
  const bool matched = !is_new && (!change.before || cursor.selection.matches(change.key, *change.before));
  const bool matches = !is_gone && cursor.selection.matches(change.key, *change.object);
  if (matches) return sink(StoredEvent{matched ? WatchEventKind::kModified : WatchEventKind::kAdded, change.object});
  if (!matched) return;
  const bool inside = is_gone && (change.before || cursor.selection.matches(change.key, *change.object));
  if (is_gone && !inside) return;
  sink(StoredEvent{WatchEventKind::kDeleted, is_gone ? change.object : as_left(change)});
}

}  // namespace canaria::store

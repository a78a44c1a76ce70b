// The door to a Kubernetes-style API: the real server over HTTP, or the embedded store in process. Controllers and the command
// line see only this. Objects travel as JSON; whoever reads one turns it into a typed, trimmed struct at once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/meta/resource.h"
#include "async/task.h"
#include "base/time.h"
#include "json/value.h"

namespace canaria {

enum class PatchKind { kMerge, kJson, kStrategic, kApply };
enum class DryRun { kNo, kYes };
enum class Propagation { kBackground, kForeground, kOrphan };

struct ListQuery {
  std::string namespace_;        // empty: all namespaces, or a cluster-scoped resource
  std::string label_selector;
  std::string field_selector;
  int limit = 0;                 // 0: everything in one answer
  std::string continue_;         // the token of the page before
  std::string resource_version;  // "0": any version the server has in its cache
};

// One page of a list.
struct ObjectList {
  std::vector<json::Value> items;  // with apiVersion and kind as the server sent them (often absent)
  std::string resource_version;
  std::string continue_;           // empty on the last page
};

// kYes: first everything that exists as additions, then a bookmark annotated k8s.io/initial-events-end, then changes. A
// server that cannot do this refuses with kInvalid.
enum class InitialEvents { kNo, kYes };

struct WatchQuery {
  std::string namespace_;
  std::string label_selector;
  std::string field_selector;
  std::string resource_version;  // changes after this one
  InitialEvents initial = InitialEvents::kNo;
  Seconds timeout{300};          // the server ends the watch after this time
};

enum class WatchEventKind { kAdded, kModified, kDeleted, kBookmark };
struct WatchEvent {
  WatchEventKind kind;
  json::Value object;
};
// Called on the loop for every event, in order. Must not block.
using WatchSink = std::function<void(WatchEvent)>;

struct WriteOptions {
  std::string subresource;          // "status", "scale", "eviction" or empty
  DryRun dry_run = DryRun::kNo;
  std::string field_manager;        // for server-side apply; empty: the client's default
  bool force = false;               // server-side apply takes fields from other managers
};

class ObjectClient {
 public:
  virtual ~ObjectClient() = default;

  virtual Task<Result<json::Value>> get(api::Resource resource, api::ObjectKey key) = 0;
  virtual Task<Result<ObjectList>> list(api::Resource resource, ListQuery query) = 0;

  // Streams events until the server ends the watch (success), the position is too old (kExpired), or it fails.
  // Cancelling the coroutine ends it at once.
  virtual Task<Status> watch(api::Resource resource, WatchQuery query, WatchSink sink) = 0;

  // Each write returns the object as it now is. create takes the namespace from key; key.name is only needed for
  // subresources (such as an Eviction).
  virtual Task<Result<json::Value>> create(api::Resource resource, api::ObjectKey key, json::Value object,
                                           WriteOptions options) = 0;
  virtual Task<Result<json::Value>> update(api::Resource resource, api::ObjectKey key, json::Value object,
                                           WriteOptions options) = 0;
  virtual Task<Result<json::Value>> patch(api::Resource resource, api::ObjectKey key, PatchKind kind, json::Value body,
                                          WriteOptions options) = 0;
  virtual Task<Status> remove(api::Resource resource, api::ObjectKey key, Propagation propagation) = 0;
  // Deletes the object of that uid without a grace period: for whoever runs it, once it has ended. kConflict when another
  // object has that name by now. The default is for clients whose remove() has no grace period anyway.
  virtual Task<Status> remove_now(api::Resource resource, api::ObjectKey key, std::string /*uid*/) {
    return remove(std::move(resource), std::move(key), Propagation::kBackground);
  }
};

}  // namespace canaria

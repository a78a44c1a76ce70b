// The Kubernetes API over HTTP behind the ObjectClient door: paths, queries, content types, Status errors, waiting when the
// server asks for it (429 and Retry-After), one more try after a 401 with fresh credentials. Conflicts are the caller's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "kube/credentials.h"
#include "kube/rate_limit.h"
#include "ports/http_client.h"
#include "ports/object_client.h"

namespace canaria::kube {

// One request that was answered, in the words of the metric controller_clientset_k8s_request_total.
struct RequestRecord {
  std::string kind;       // the plural of the URL
  std::string namespace_;
  std::string name;       // "N/A" where the peer does not count by name
  std::string verb;       // List, Watch, Get, Create, Update, Patch, Delete
  int status = 0;
};

struct ObjectClientOptions {
  Millis timeout{30'000};   // per request, watches excepted
  double qps = 0;           // 0: no limit on our side
  double burst = 0;
  int most_waits = 10;      // how often one request waits because the server asks for it
  std::string field_manager = "canaria";  // for server-side apply
  std::function<void(const RequestRecord&)> on_request;
};

class HttpObjectClient final : public ObjectClient {
 public:
  // Both must outlive this object.
  HttpObjectClient(HttpClient& http, Credentials& credentials, ObjectClientOptions options);

  Task<Result<json::Value>> get(api::Resource resource, api::ObjectKey key) override;
  Task<Result<ObjectList>> list(api::Resource resource, ListQuery query) override;
  Task<Status> watch(api::Resource resource, WatchQuery query, WatchSink sink) override;
  Task<Result<json::Value>> create(api::Resource resource, api::ObjectKey key, json::Value object, WriteOptions options) override;
  Task<Result<json::Value>> update(api::Resource resource, api::ObjectKey key, json::Value object, WriteOptions options) override;
  Task<Result<json::Value>> patch(api::Resource resource, api::ObjectKey key, PatchKind kind, json::Value body,
                                  WriteOptions options) override;
  Task<Status> remove(api::Resource resource, api::ObjectKey key, Propagation propagation) override;
  Task<Status> remove_now(api::Resource resource, api::ObjectKey key, std::string uid) override;

  // The body of any path of the server, such as "/version".
  Task<Result<json::Value>> get_path(std::string path);

 private:
  struct Call;
  Task<Result<json::Value>> exchange(Call call);
  Task<Result<HttpResponse>> answer(Call call);
  Task<Result<HttpResponse>> attempt(Call call);
  Task<Result<HttpRequest>> prepare(Call call);
  void count(const Call& call, int status) const;

  HttpClient& http_;
  Credentials& credentials_;
  ObjectClientOptions options_;
  std::optional<TokenBucket> bucket_;
};

}  // namespace canaria::kube

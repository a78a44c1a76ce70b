// For tests only: a small Kubernetes-like API behind a real socket: objects with versions, pages, watches with history,
// initial events and bookmarks, and faults on demand. Knows no kinds and no validation.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "async/event.h"
#include "async/loop.h"
#include "async/timers.h"
#include "json/value.h"
#include "json/write.h"
#include "net/http_server.h"
#include "net/url.h"

namespace canaria::kube {

class FakeApiServer {
 public:
  explicit FakeApiServer(async::Loop& loop, net::HttpServerOptions options = {}) : server_(loop, std::move(options)) {
    server_.route("/", [this](net::ServerRequest request) { return serve(std::move(request)); });
  }
  std::string open() {
    const auto port = server_.open();
    port_ = port.value_or(0);
    return "http://127.0.0.1:" + std::to_string(port_);
  }
  std::uint16_t port() const { return port_; }
  Task<void> stop() {
    stopping_ = true;
    changed_.set();
    return server_.stop();
  }

  // Answers that are given before anything else, in order.
  void answer_next(int status, std::string body, HttpHeaders headers = {}) {
    net::ServerResponse response(status, std::move(body), "application/json");
    response.headers = std::move(headers);
    scripted_.push_back(std::move(response));
  }
  static std::string status_text(int code, const std::string& reason, const std::string& message) {
    return json::write(status_object(code, reason, message));
  }

  // Changes from outside of any client. path: "/api/v1/namespaces/shop/pods/web-1".
  void put(const std::string& path, json::Object object = {}) {
    const bool is_new = !objects_.contains(path);
    store(path, std::move(object), is_new ? "ADDED" : "MODIFIED");
  }
  void erase(const std::string& path) {
    const auto found = objects_.find(path);
    if (found == objects_.end()) return;
    json::Object object = found->second;
    objects_.erase(found);
    object["metadata"].as_object()["resourceVersion"] = std::to_string(++version_);
    note("DELETED", path, std::move(object));
  }
  // Forgets all history: older positions get 410.
  void compact() {
    history_.clear();
    oldest_ = version_;
  }
  void drop_watches() {
    ++watch_generation_;
    changed_.set();
  }
  const json::Object* find(const std::string& path) const {
    const auto found = objects_.find(path);
    return found == objects_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, json::Object>& objects() const { return objects_; }

  bool initial_events = true;          // whether sendInitialEvents is understood
  std::vector<std::string> log;        // "GET /path?query"
  std::vector<std::string> tokens;     // Authorization headers seen
  std::vector<std::string> bodies;     // request bodies that were not empty

 private:
  struct Change {
    std::uint64_t version;
    std::string path;
    std::string line;
  };

  static json::Value status_object(int code, const std::string& reason, const std::string& message) {
    return json::Object{{"kind", "Status"}, {"apiVersion", "v1"}, {"status", "Failure"},
                        {"reason", reason}, {"message", message}, {"code", code}};
  }
  static net::ServerResponse refusal(int code, const std::string& reason, const std::string& message) {
    return net::ServerResponse(code, status_text(code, reason, message), "application/json");
  }
  static net::ServerResponse success(const json::Value& body) {
    return net::ServerResponse(200, json::write(body), "application/json");
  }

  void store(const std::string& path, json::Object object, const char* type) {
    json::Value& metadata = object["metadata"];
    if (!metadata.is_object()) metadata.emplace_object();
    json::Object& members = metadata.get_object();
    members["name"] = path.substr(path.rfind('/') + 1);
    const std::size_t at = path.find("/namespaces/");
    if (at != std::string::npos) members["namespace"] = path.substr(at + 12, path.find('/', at + 12) - at - 12);
    members["resourceVersion"] = std::to_string(++version_);
    objects_[path] = object;
    note(type, path, std::move(object));
  }
  void note(const char* type, const std::string& path, json::Object object) {
    history_.push_back({version_, path, json::write(json::Object{{"type", type}, {"object", std::move(object)}}) + "\n"});
    changed_.set();
  }
  // Whether an object's path is in a collection such as "/api/v1/pods" or "/api/v1/namespaces/shop/pods".
  static bool is_in(const std::string& path, const std::string& collection) {
    const std::string parent = path.substr(0, path.rfind('/'));
    if (parent == collection) return true;
    const std::size_t at = parent.find("/namespaces/");
    if (at == std::string::npos) return false;
    const std::size_t end = parent.find('/', at + 12);
    return end != std::string::npos && parent.substr(0, at) + parent.substr(end) == collection;
  }

  Task<net::ServerResponse> serve(net::ServerRequest request) {
    log.push_back(request.method + " " + request.path + (request.query.empty() ? "" : "?" + request.query));
    tokens.emplace_back(find_header(request.headers, "authorization"));
    if (!request.body.empty()) bodies.push_back(request.body);
    if (!scripted_.empty()) {
      net::ServerResponse response = std::move(scripted_.front());
      scripted_.pop_front();
      co_return response;
    }
    std::map<std::string, std::string> query;
    for (auto& [name, value] : net::parse_query(request.query)) query[name] = value;
    if (request.method == "GET" && query["watch"] == "true") co_return watch(request.path, query);
    if (request.method == "GET" && objects_.contains(request.path)) co_return success(objects_[request.path]);
    if (request.method == "GET" && is_object(request.path)) co_return not_found(request.path);
    if (request.method == "GET") co_return list(request.path, query);
    co_return write(request);
  }
  // In these tests plurals end in "s" and names do not.
  static bool is_object(const std::string& path) { return path.back() != 's'; }
  static net::ServerResponse not_found(const std::string& path) {
    return refusal(404, "NotFound", "\"" + path.substr(path.rfind('/') + 1) + "\" not found");
  }

  net::ServerResponse list(const std::string& path, std::map<std::string, std::string>& query) {
    const std::size_t limit = query["limit"].empty() ? 0 : std::stoul(query["limit"]);
    json::Array items;
    std::string last, more;
    for (const auto& [key, object] : objects_) {
      if (!is_in(key, path) || key <= query["continue"]) continue;
      if (limit && items.size() == limit) {
        more = last;
        break;
      }
      items.push_back(object);
      last = key;
    }
    json::Object metadata = {{"resourceVersion", std::to_string(version_)}};
    if (!more.empty()) metadata["continue"] = more;
    return success(json::Object{{"metadata", std::move(metadata)}, {"items", std::move(items)}});
  }

  net::ServerResponse watch(const std::string& path, std::map<std::string, std::string>& query) {
    const bool initial = query["sendInitialEvents"] == "true";
    if (initial && !initial_events) return refusal(422, "Invalid", "sendInitialEvents is forbidden");
    std::uint64_t position = query["resourceVersion"].empty() ? 0 : std::stoull(query["resourceVersion"]);
    if (!initial && position < oldest_) return refusal(410, "Expired", "too old resource version");
    std::string first;
    if (initial) {
      for (const auto& [key, object] : objects_)
        if (is_in(key, path)) first += json::write(json::Object{{"type", "ADDED"}, {"object", object}}) + "\n";
      const json::Object metadata = {{"resourceVersion", std::to_string(version_)},
                                     {"annotations", json::Object{{"k8s.io/initial-events-end", "true"}}}};
      first += json::write(json::Object{{"type", "BOOKMARK"}, {"object", json::Object{{"metadata", metadata}}}}) + "\n";
      position = version_;
    }
    net::ServerResponse response(200, "", "application/json");
    response.stream = [this, path, first, position](net::ResponseStream* out) { return follow(path, first, position, out); };
    return response;
  }
  Task<void> follow(std::string path, std::string first, std::uint64_t position, net::ResponseStream* out) {
    const int generation = watch_generation_;
    std::string pending = std::move(first);
    while (!stopping_ && generation == watch_generation_) {
      for (const Change& change : history_)
        if (change.version > position) {
          position = change.version;
          if (is_in(change.path, path)) pending += change.line;
        }
      const std::string chunk = std::exchange(pending, {});
      const Status written = co_await out->write(chunk);
      if (!written) co_return;
      changed_.reset();
      co_await changed_.wait_for(Millis(20));
    }
  }

  net::ServerResponse write(const net::ServerRequest& request) {
    auto parsed = request.body.empty() ? Result<json::Value>(json::Value(json::Object())) : json::parse(request.body);
    if (!parsed || !parsed->is_object()) return refusal(400, "BadRequest", "malformed body");
    json::Object body = parsed->get_object();
    std::string path = request.path;
    if (request.method == "POST") path += "/" + std::string(json::text_at(*parsed, "metadata.name"));
    const auto found = objects_.find(path);
    if (request.method == "POST") {
      if (found != objects_.end()) return refusal(409, "AlreadyExists", "object already exists");
    } else if (found == objects_.end()) {
      return not_found(path);
    }
    if (request.method == "DELETE") {
      erase(path);
      return success(json::Object{{"kind", "Status"}, {"status", "Success"}});
    }
    const std::string given(json::text_at(*parsed, "metadata.resourceVersion"));
    if (found != objects_.end() && !given.empty() && given != json::text_at(found->second, "metadata.resourceVersion"))
      return refusal(409, "Conflict", "the object has been modified");
    if (request.method == "PATCH") body = merged(found->second, body);
    store(path, body, request.method == "POST" ? "ADDED" : "MODIFIED");
    return success(objects_[path]);
  }
  static json::Object merged(json::Object base, const json::Object& patch) {
    for (const auto& [key, value] : patch) {
      json::Value& slot = base[key];
      if (slot.is_object() && value.is_object()) slot = merged(slot.get_object(), value.get_object());
      else slot = value;
    }
    return base;
  }

  net::HttpServer server_;
  std::map<std::string, json::Object> objects_;
  std::vector<Change> history_;
  std::deque<net::ServerResponse> scripted_;
  async::Event changed_;
  std::uint64_t version_ = 100;
  std::uint64_t oldest_ = 0;
  std::uint16_t port_ = 0;
  int watch_generation_ = 0;
  bool stopping_ = false;
};

}  // namespace canaria::kube

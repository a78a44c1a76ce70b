#include "apiserver/watches.h"

#include <algorithm>
#include <fmt/format.h>

#include "apiserver/object_reads.h"
#include "apiserver/shown_objects.h"
#include "apiserver/status_answer.h"
#include "json/write.h"

namespace canaria::apiserver {
namespace {

constexpr Seconds kLongestWatch{3600};

std::string_view word_of(WatchEventKind kind) {
  switch (kind) {
    case WatchEventKind::kAdded: return "ADDED";
    case WatchEventKind::kModified: return "MODIFIED";
    case WatchEventKind::kDeleted: return "DELETED";
    case WatchEventKind::kBookmark: return "BOOKMARK";
  }
  return "";
}

Result<WatchQuery> watch_query(const ApiRequest& request) {
  WatchQuery query;
  query.namespace_ = request.path.namespace_;
  query.label_selector = request.parameter("labelSelector");
  query.field_selector = stored_field_selector(*request.served, request.parameter("fieldSelector"));
  query.resource_version = request.parameter("resourceVersion");
  if (!request.path.name.empty()) query.field_selector = "metadata.name=" + request.path.name;
  if (request.has_parameter("sendInitialEvents") && request.parameter("resourceVersionMatch") != "NotOlderThan")
    return invalid_list_options("resourceVersionMatch",
                                "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  if (is_true(request, "sendInitialEvents")) query.initial = InitialEvents::kYes;
  TRY(const auto timeout, number_parameter(request, "timeoutSeconds"));
  query.timeout = kLongestWatch;
  if (timeout && *timeout > 0) query.timeout = std::min(Seconds(*timeout), kLongestWatch);
  CHECK_OK(store::parse_revision(query.resource_version));
  CHECK_OK(store::ObjectSelection::make(request.served->policy, query.namespace_, query.label_selector, query.field_selector));
  return query;
}

// Counts a running watch and tells when it has ended, however it ends.
struct Running {
  Running(std::size_t& counter, std::function<void()> end) : count(counter), on_end(std::move(end)) { ++count; }
  ~Running() {
    --count;
    if (on_end) on_end();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  std::size_t& count;
  std::function<void()> on_end;
};

}  // namespace

// What has to be sent next.
struct Watches::Lines {
  Lines(RequestPointer asked, const Clock& time) : request(std::move(asked)), clock(time) {
    wants_bookmarks = is_true(*request, "allowWatchBookmarks") || is_true(*request, "sendInitialEvents");
  }
  void add(const store::StoredEvent& event) {
    if (event.kind == WatchEventKind::kBookmark && !wants_bookmarks) return;
    text.append(R"({"type":")").append(word_of(event.kind)).append(R"(","object":)");
    if (request->answer.shape == Shape::kObjects && !request->served->has_other_versions) text += event.object->text;
    else text += event_object_text(*request, event, is_first, clock.now());
    text += "}\n";
    is_first = false;
  }
  void add_error(const Error& error) {
    text += fmt::format("{{\"type\":\"ERROR\",\"object\":{}}}\n", json::write(status_of(error, Subject())));
  }
  RequestPointer request;
  const Clock& clock;
  std::string text;
  bool wants_bookmarks = false;
  bool is_first = true;
};

net::ServerResponse Watches::begin(RequestPointer request, std::function<void()> on_end) {
  const auto query = watch_query(*request);
  if (!query) return refusal(as_bad_request(query.error()), subject_of(*request));
  net::ServerResponse response = json_answer(200, "");
  response.stream = [this, request, query = *query, on_end = std::move(on_end)](net::ResponseStream* out) {
    return run(request, query, on_end, out);
  };
  return response;
}

Task<void> Watches::run(RequestPointer request, WatchQuery query, std::function<void()> on_end, net::ResponseStream* out) {
  const Running running(running_, std::move(on_end));
  Lines lines(request, clock_);
  store::StoredSink sink = [&lines](const store::StoredEvent& event) { lines.add(event); };
  store::StoredPause pause = [&lines, out] { return send(&lines, out); };
  const Status ended =
      co_await store_.watch_stored(request->served->kept_as(), std::move(query), std::move(sink), std::move(pause));
  if (!ended) lines.add_error(ended.error());
  const Status last = co_await send(&lines, out);
  static_cast<void>(last);
}

Task<Status> Watches::send(Lines* lines, net::ResponseStream* out) {
  if (lines->text.empty()) co_return Status();
  std::string text = std::move(lines->text);
  lines->text.clear();
  co_return co_await out->write(std::move(text));
}

}  // namespace canaria::apiserver

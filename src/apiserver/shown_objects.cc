#include "apiserver/shown_objects.h"

#include <fmt/format.h>

#include "apiserver/list_items.h"
#include "apiserver/status_answer.h"
#include "apiserver/table.h"
#include "json/write.h"
#include "json/yaml.h"

namespace canaria::apiserver {
namespace {

IncludeObject include_of(const ApiRequest& request) {
  const std::string_view text = request.parameter("includeObject");
  if (text == "None") return IncludeObject::kNone;
  return text == "Object" ? IncludeObject::kObject : IncludeObject::kMetadata;
}

json::Value parsed(std::string_view text) {
  auto value = json::parse(text);
  return value ? *std::move(value) : json::Value(json::Object());
}

// A Table of these objects with what a list has as metadata.
json::Value table(const ApiRequest& request, const std::vector<json::Value>& objects, json::Object metadata, Time now) {
  json::Value value = table_of(*request.served, objects, now, include_of(request));
  value.as_object()["metadata"] = std::move(metadata);
  return value;
}

json::Value only_metadata(const json::Value& object) {
  json::Object partial;
  partial["kind"] = "PartialObjectMetadata";
  partial["apiVersion"] = "meta.k8s.io/v1";
  if (const json::Value* metadata = json::find(object, "metadata")) partial["metadata"] = *metadata;
  return partial;
}

net::ServerResponse in_notation(const ApiRequest& request, int status, std::string text) {
  if (request.answer.notation == Notation::kJson) {
    text += '\n';
    return json_answer(status, std::move(text));
  }
  net::ServerResponse response = json_answer(status, json::to_yaml(parsed(text)));
  response.content_type = "application/yaml";
  return response;
}

json::Object list_metadata(const store::Page& page) {
  json::Object metadata;
  metadata["resourceVersion"] = std::to_string(page.revision);
  if (!page.continue_.empty()) metadata["continue"] = page.continue_;
  return metadata;
}

std::vector<json::Value> parsed_objects(const ServedResource& served, const store::Page& page) {
  std::vector<json::Value> objects;
  objects.reserve(page.objects.size());
  for (const store::KeyedObject& keyed : page.objects) objects.push_back(parsed(object_text(served, *keyed.object)));
  return objects;
}

// The head of a list and the stored texts behind each other.
std::string joined(const ServedResource& served, const store::Page& page) {
  std::size_t bytes = 256;
  for (const store::KeyedObject& keyed : page.objects) bytes += keyed.object->text.size() + 1;
  json::Object metadata = list_metadata(page);
  // Compat: lists of custom resources say that there is no more, those of built-in kinds do not.
  if (served.definer != Definer::kKubernetes && !metadata.contains("continue")) metadata["continue"] = "";
  std::string text;
  text.reserve(bytes);
  text += fmt::format(R"({{"kind":"{}","apiVersion":"{}","metadata":{},"items":[)", served.list_kind,
                      served.resource.api_version(), json::write(json::Value(std::move(metadata))));
  bool is_first = true;
  for (const store::KeyedObject& keyed : page.objects) {
    if (!is_first) text += ',';
    is_first = false;
    if (served.definer == Definer::kKubernetes) add_untyped(text, object_text(served, *keyed.object));
    else if (served.has_other_versions) text += object_text(served, *keyed.object);
    else text += keyed.object->text;
  }
  return text += "]}";
}

json::Value partial_list(const ServedResource& served, const store::Page& page) {
  json::Array items;
  for (const json::Value& object : parsed_objects(served, page)) items.push_back(only_metadata(object));
  json::Object list;
  list["kind"] = "PartialObjectMetadataList";
  list["apiVersion"] = "meta.k8s.io/v1";
  list["metadata"] = list_metadata(page);
  list["items"] = std::move(items);
  return list;
}

}  // namespace

std::string object_text(const ServedResource& served, const store::StoredObject& object) {
  if (!served.has_other_versions) return object.text;
  if (served.stored_form) return json::write(served.stored_form->shown(parsed(object.text)));
  const std::string wanted = served.resource.api_version();
  if (object.text.starts_with(R"({"apiVersion":")" + wanted + '"')) return object.text;
  json::Value value = parsed(object.text);
  value.as_object()["apiVersion"] = wanted;
  return json::write(value);
}

net::ServerResponse show_object(const ApiRequest& request, int status, std::string text, Time now) {
  if (request.answer.shape == Shape::kObjects) return in_notation(request, status, std::move(text));
  const json::Value object = parsed(text);
  if (request.answer.shape == Shape::kMetadata) return in_notation(request, status, json::write(only_metadata(object)));
  json::Object metadata;
  metadata["resourceVersion"] = json::text_at(object, "metadata.resourceVersion");
  return in_notation(request, status, json::write(table(request, {object}, std::move(metadata), now)));
}

net::ServerResponse show_written(const ApiRequest& request, store::ObjectStore& store, int status, const json::Value& object,
                                 Time now) {
  const auto text = [&] {
    const auto& form = request.served->stored_form;
    return json::write(form ? form->shown(object) : object);
  };
  // A dry run shows what is not stored, under the version of what is.
  if (request.has_parameter("dryRun")) return show_object(request, status, text(), now);
  const api::ObjectKey key{request.path.namespace_, std::string(json::text_at(object, "metadata.name"))};
  const store::ObjectPointer stored = store.find(request.served->kept_as(), key);
  if (stored && std::to_string(stored->revision) == json::text_at(object, "metadata.resourceVersion"))
    return show_object(request, status, object_text(*request.served, *stored), now);
  return show_object(request, status, text(), now);
}

net::ServerResponse show_list(const ApiRequest& request, const store::Page& page, Time now) {
  const ServedResource& served = *request.served;
  if (request.answer.shape == Shape::kObjects) return in_notation(request, 200, joined(served, page));
  if (request.answer.shape == Shape::kMetadata) return in_notation(request, 200, json::write(partial_list(served, page)));
  const json::Value value = table(request, parsed_objects(served, page), list_metadata(page), now);
  return in_notation(request, 200, json::write(value));
}

net::ServerResponse show_document(const ApiRequest& request, int status, const json::Value& document) {
  return in_notation(request, status, json::write(document));
}

net::ServerResponse created_status(const ApiRequest& request) {
  json::Value status = success_status(Subject(), "");
  status.as_object()["code"] = 201;
  return show_document(request, 201, status);
}

std::string event_object_text(const ApiRequest& request, const store::StoredEvent& event, bool is_first, Time now) {
  if (request.answer.shape == Shape::kObjects) return object_text(*request.served, *event.object);
  const json::Value object = parsed(object_text(*request.served, *event.object));
  if (request.answer.shape == Shape::kMetadata) return json::write(only_metadata(object));
  json::Object metadata;
  metadata["resourceVersion"] = std::to_string(event.object->revision);
  std::vector<json::Value> rows;
  if (event.kind != WatchEventKind::kBookmark) rows.push_back(object);
  json::Value value = table(request, rows, std::move(metadata), now);
  if (!is_first) value.as_object()["columnDefinitions"] = nullptr;
  return json::write(value);
}

}  // namespace canaria::apiserver

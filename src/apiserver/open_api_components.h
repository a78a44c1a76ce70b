// The types of an OpenAPI document: each named object type of a built-in kind once, referred to by name.
#pragma once

#include <string>
#include <string_view>

#include "apiserver/served_resources.h"
#include "json/value.h"

namespace canaria::apiserver {

class OpenApiComponents {
 public:
  // "#/components/schemas/" or "#/definitions/": where references point.
  explicit OpenApiComponents(std::string reference_root) : reference_root_(std::move(reference_root)) {}

  // Adds the type of a resource and what it refers to; returns its name, "io.k8s.api.apps.v1.Deployment".
  std::string add(const ServedResource& served);
  json::Object take() { return std::move(components_); }

 private:
  json::Object published(const json::Schema& schema, const json::Field* owner);
  json::Object object_of(const json::Schema& schema, const json::Field* owner);
  std::string add_type(const json::Schema& schema);
  json::Value reference(const std::string& name, std::string_view description) const;
  void set_identity(json::Object& properties);
  void add_whole(const ServedResource& served, const std::string& name);

  std::string reference_root_;
  json::Object components_;
};

}  // namespace canaria::apiserver

// A structural OpenAPI v3 schema, as CustomResourceDefinitions carry it, read into the Schema nodes of schema.h: from then on a
// custom resource is pruned, defaulted, checked, patched and applied like a built-in one.
//
// Understood: type, format, properties, items, additionalProperties, required, default, nullable, enum, bounds, lengths, pattern,
// description, x-kubernetes-{list-type,list-map-keys,map-type,preserve-unknown-fields,int-or-string,embedded-resource}.
// Not enforced: anyOf/oneOf/allOf/not and x-kubernetes-validations (CEL); they stay in the document.
#pragma once

#include <deque>
#include <string_view>

#include "json/schema.h"
#include "json/value.h"

namespace canaria::json {

class OpenApiSchema {
 public:
  // `document` is spec.versions[].schema.openAPIV3Schema; anything in it that is malformed counts as absent (null: any object).
  // `object_meta` types the metadata of the root and of embedded resources; it must outlive this and may be null (any
  // object). `matches` decides patterns (RE2 syntax); null: patterns are not checked.
  OpenApiSchema(Value document, const Schema* object_meta, PatternMatch matches);
  OpenApiSchema(const OpenApiSchema&) = delete;
  OpenApiSchema& operator=(const OpenApiSchema&) = delete;

  // The schema of the whole object, apiVersion, kind and metadata included. Lives as long as this.
  const Schema& root() const { return *root_; }
  // As it was given; what open_api(root()) publishes.
  const Value& document() const { return document_; }

 private:
  friend class OpenApiReader;

  Value document_;
  std::deque<Schema> nodes_;  // stable addresses
  std::deque<Constraints> constraints_;
  const Schema* root_ = nullptr;
};

}  // namespace canaria::json

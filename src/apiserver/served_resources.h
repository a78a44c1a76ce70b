// What this API server serves: the built-in resources and those that CustomResourceDefinitions add while it runs. The one
// place that knows a resource's names, schema, subresources and columns; discovery, OpenAPI, tables, the store's policies and
// the rules for content all read it.
//
// Lives on the loop. It is made before the store, which asks it for policies and content rules, and follows the store's
// CustomResourceDefinitions from then on.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/meta/resource.h"
#include "async/loop.h"
#include "json/schema.h"
#include "json/value.h"
#include "ports/clock.h"
#include "store/content_rules.h"
#include "store/object_store.h"
#include "store/resource_policy.h"

namespace canaria::json {
class OpenApiSchema;
}

namespace canaria::apiserver {

class DefinitionFollower;
class ResourceRegistry;

// Where the scale subresource finds its numbers, as dotted paths without a leading dot.
struct ScalePaths {
  std::string spec_replicas = "spec.replicas";
  std::string status_replicas = "status.replicas";
  std::string label_selector;  // a string in status, or empty: built from spec.selector
};

// One column of a table for a custom resource; built-in kinds have code for their cells (table.cc).
struct PrintColumn {
  std::string name;
  std::string type;  // "string", "integer", "date" ...
  std::string format;
  std::string description;
  int priority = 0;
  std::string json_path;  // ".spec.replicas"
};

// Who defines the content of a kind. kKubernetes: built in and typed there, so strategic merge patches work. kBuiltInCustom:
// a custom resource elsewhere that is built in here (ours, Gateway API). kDefined: by a CustomResourceDefinition.
enum class Definer { kKubernetes, kBuiltInCustom, kDefined };

// kStored: objects are kept in the store. kAnswered: they are created, answered and forgotten (reviews.h).
enum class Keeping { kStored, kAnswered };

struct Subresource {
  std::string name;
  std::string group;    // of its kind
  std::string version;  // of its kind
  std::string kind;
  std::vector<std::string> verbs;
};

// How objects are kept that this resource only shows in another form: autoscaling/v1 shows those of autoscaling/v2,
// events.k8s.io/v1 those of v1.
struct StoredForm {
  api::Resource resource;                       // under which they are kept
  json::Value (*shown)(json::Value stored);     // total
  json::Value (*stored)(json::Value shown);     // total
  // Field selectors of this form and what they are called in the stored one.
  std::map<std::string, std::string, std::less<>> selectable_fields;
};

struct ServedResource {
  api::Resource resource;
  std::string singular;
  std::string list_kind;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
  std::vector<Subresource> subresources;  // by name
  std::string description;
  const json::Schema* schema = nullptr;                       // of the whole object; null: any content
  std::shared_ptr<const json::OpenApiSchema> defined_schema;  // what it is read from when a definition says it
  store::ResourcePolicy policy;
  std::optional<ScalePaths> scale;
  std::vector<PrintColumn> columns;  // empty for built-in kinds with cells of their own
  Definer definer = Definer::kKubernetes;
  Keeping keeping = Keeping::kStored;
  bool is_deprecated = false;
  std::string storage_version;       // the version that stored objects carry
  // Stored objects may carry another apiVersion than this resource's: whoever sends one rewrites it.
  bool has_other_versions = false;
  std::optional<StoredForm> stored_form;  // none: they are kept as they are shown

  // Where the store has the objects.
  const api::Resource& kept_as() const { return stored_form ? stored_form->resource : resource; }
  bool has_status() const { return policy.status == store::StatusWrites::kSeparate; }
  bool takes_strategic_patches() const { return definer == Definer::kKubernetes; }
  const Subresource* subresource(std::string_view name) const;
};

// What the OpenAPI index says of each document, as long as the edition stays.
struct OpenApiHashes {
  std::uint64_t edition = 0;
  std::map<std::string, std::string> by_path;  // "apis/apps/v1"
};

class ServedResources final : public store::ContentRules {
 public:
  ServedResources();
  ~ServedResources() override;  // REQUIRES: stopped, or never followed

  // Reads the CustomResourceDefinitions of the store and follows their changes; writes their conditions. The store, loop and
  // clock must outlive stop().
  void follow(async::Loop& loop, store::ObjectStore& store, const Clock& clock);
  Task<void> stop();

  store::PolicyDoor policies() const;

  // Null when it is not served. The addresses stay for the life of this object, also when a definition is deleted.
  const ServedResource* find(std::string_view group, std::string_view version, std::string_view plural) const;
  const ServedResource* find_kind(std::string_view api_version, std::string_view kind) const;
  // By group, version and plural name.
  std::vector<const ServedResource*> all() const;
  // Differs whenever anything above does.
  std::uint64_t edition() const;
  // Kept for open_api.cc.
  OpenApiHashes& open_api_hashes() const { return open_api_hashes_; }

  Result<json::Value> admitted(const store::ContentWrite& write, json::Value wanted) const override;
  Result<json::Value> patched(const store::ContentWrite& write, PatchKind kind, const json::Value& patch) const override;

 private:
  std::unique_ptr<ResourceRegistry> registry_;
  std::unique_ptr<DefinitionFollower> follower_;
  mutable OpenApiHashes open_api_hashes_;
};

}  // namespace canaria::apiserver

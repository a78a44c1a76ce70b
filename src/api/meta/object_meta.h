// metadata as planning reads it: identity, version, labels, annotations, owner. managedFields and the like are never kept.
#pragma once

#include <boost/describe/class.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/meta/resource.h"
#include "base/time.h"

namespace canaria::api {

using StringMap = std::map<std::string, std::string>;

struct OwnerReference {
  std::string apiVersion;
  std::string kind;
  std::string name;
  std::string uid;
  bool controller = false;
  bool blockOwnerDeletion = false;
  bool operator==(const OwnerReference&) const = default;
};
BOOST_DESCRIBE_STRUCT(OwnerReference, (), (apiVersion, kind, name, uid, controller, blockOwnerDeletion))

struct ObjectMeta {
  std::string name;
  std::string generateName;
  std::string namespace_;
  std::string uid;
  std::string resourceVersion;
  std::int64_t generation = 0;
  std::optional<Time> creationTimestamp;
  std::optional<Time> deletionTimestamp;
  StringMap labels;
  StringMap annotations;
  std::vector<OwnerReference> ownerReferences;

  ObjectKey key() const { return {namespace_, name}; }
  // The annotation's or label's value; empty when there is none.
  std::string annotation(const std::string& name) const;
  std::string label(const std::string& name) const;
  // The owner with controller: true, or null.
  const OwnerReference* controller() const;
};
BOOST_DESCRIBE_STRUCT(ObjectMeta, (),
                      (name, generateName, namespace_, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp,
                       labels, annotations, ownerReferences))

}  // namespace canaria::api

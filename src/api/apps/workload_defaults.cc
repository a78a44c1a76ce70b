// Defaults of ReplicaSets and Deployments.
#include "api/core/pod_template.h"
#include "api/object_members.h"
#include "api/kind_defaults.h"

namespace canaria::api {

namespace {

using json::Object;
using json::Value;

// A value that the typed model cannot hold would get lost: such a template is left to validation.
void default_template(Object& spec) {
  const Object* pod_template = object_at(spec, "template");
  if (pod_template && pod_template_problem(*pod_template).empty()) spec["template"] = with_pod_defaults(*pod_template);
}

}  // namespace

void default_replica_set(Object& set) {
  Object* spec = made_object(set, "spec");
  if (!spec) return;
  set_unset(*spec, "replicas", 1);
  default_template(*spec);
  if (Object* status = made_object(set, "status")) set_unset(*status, "replicas", 0);
}

void default_deployment(Object& deployment) {
  Object* spec = made_object(deployment, "spec");
  if (!spec) return;
  set_unset(*spec, "replicas", 1);
  set_unset(*spec, "revisionHistoryLimit", 10);
  set_unset(*spec, "progressDeadlineSeconds", 600);
  default_template(*spec);
  Object* strategy = made_object(*spec, "strategy");
  if (strategy) set_unset(*strategy, "type", "RollingUpdate");
  if (strategy && text_of(*strategy, "type") == "RollingUpdate") {
    if (Object* rolling = made_object(*strategy, "rollingUpdate")) {
      set_unset(*rolling, "maxSurge", "25%");
      set_unset(*rolling, "maxUnavailable", "25%");
    }
  }
  made_object(deployment, "status");
}

}  // namespace canaria::api

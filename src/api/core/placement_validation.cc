// The rules on where a pod may run: affinity, topology spread, scheduling and readiness gates.
#include "api/kind_validation.h"
#include "api/object_members.h"
#include "json/codec.h"
#include "lang/selector.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr const char* kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
constexpr const char* kPreferred = "preferredDuringSchedulingIgnoredDuringExecution";

void validate_requirement(const std::string& path, const Object& requirement, FieldProblems& problems) {
  const auto mode = text_of(requirement, "operator");
  const Array& values = list_in(requirement, "values");
  if (mode == "In" || mode == "NotIn") {
    if (values.empty()) problems.required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (mode == "Exists" || mode == "DoesNotExist") {
    if (!values.empty())
      problems.forbidden(path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else if (mode == "Gt" || mode == "Lt") {
    if (values.size() != 1) problems.required(path + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else {
    problems.invalid_text(path + ".operator", mode, "not a valid selector operator");
  }
  const auto key = text_of(requirement, "key");
  problems.invalid_text(path + ".key", key, lang::label_key_problems(key));
}

void validate_node_term(const std::string& path, const Object& term, FieldProblems& problems) {
  const Array& expressions = list_in(term, "matchExpressions");
  for (std::size_t i = 0; i < expressions.size(); ++i)
    validate_requirement(item_path(path + ".matchExpressions", i), as_object(expressions[i]), problems);
}

void validate_weight(const std::string& path, const Object& term, FieldProblems& problems) {
  const auto weight = integer_in(term, "weight").value_or(0);
  if (weight < 1 || weight > 100) problems.invalid(path + ".weight", weight, "must be in the range 1-100");
}

void validate_node_affinity(const std::string& path, const Object& affinity, FieldProblems& problems) {
  if (const Object* selector = object_at(affinity, kRequired)) {
    const std::string at = path + "." + kRequired + ".nodeSelectorTerms";
    const Array& terms = list_in(*selector, "nodeSelectorTerms");
    if (terms.empty()) problems.required(at, "must have at least one node selector term");
    for (std::size_t i = 0; i < terms.size(); ++i) validate_node_term(item_path(at, i), as_object(terms[i]), problems);
  }
  const Array& wishes = list_in(affinity, kPreferred);
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const std::string at = item_path(path + "." + kPreferred, i);
    validate_weight(at, as_object(wishes[i]), problems);
    validate_node_term(at + ".preference", object_in(as_object(wishes[i]), "preference"), problems);
  }
}

void validate_selector_of(const std::string& path, const Object& owner, FieldProblems& problems) {
  const Object* given = object_at(owner, "labelSelector");
  if (!given) return;
  for (const auto& problem : lang::selector_problems(json::decode<lang::LabelSelector>(Value(*given)), path + ".labelSelector"))
    problems.add(json::Problem::kInvalidValue, problem.path, problem.text);
}

void validate_topology_key(const std::string& path, const Object& owner, FieldProblems& problems) {
  const auto key = text_of(owner, "topologyKey");
  if (key.empty()) problems.required(path + ".topologyKey", "can not be empty");
  problems.invalid_text(path + ".topologyKey", key, lang::label_key_problems(key));
}

void validate_pod_term(const std::string& path, const Object& term, FieldProblems& problems) {
  validate_selector_of(path, term, problems);
  validate_topology_key(path, term, problems);
}

void validate_pod_affinity(const std::string& path, const Object& affinity, FieldProblems& problems) {
  const Array& terms = list_in(affinity, kRequired);
  for (std::size_t i = 0; i < terms.size(); ++i)
    validate_pod_term(item_path(path + "." + kRequired, i), as_object(terms[i]), problems);
  const Array& wishes = list_in(affinity, kPreferred);
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const std::string at = item_path(path + "." + kPreferred, i);
    validate_weight(at, as_object(wishes[i]), problems);
    validate_pod_term(at + ".podAffinityTerm", object_in(as_object(wishes[i]), "podAffinityTerm"), problems);
  }
}

void validate_min_domains(const std::string& path, const Object& constraint, FieldProblems& problems) {
  const auto domains = integer_in(constraint, "minDomains");
  if (!domains) return;
  if (*domains <= 0) problems.invalid(path, *domains, "must be greater than zero");
  const auto otherwise = text_of(constraint, "whenUnsatisfiable");
  if (otherwise != "DoNotSchedule")
    problems.invalid(path, *domains, "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + std::string(otherwise));
}

void validate_spread(const std::string& path, const Array& constraints, FieldProblems& problems) {
  const auto identity = [&](std::size_t i) {
    const Object& one = as_object(constraints[i]);
    return "{" + std::string(text_of(one, "topologyKey")) + ", " + std::string(text_of(one, "whenUnsatisfiable")) + "}";
  };
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    const Object& one = as_object(constraints[i]);
    const std::string at = item_path(path, i);
    const auto skew = integer_in(one, "maxSkew").value_or(0);
    if (skew <= 0) problems.invalid(at + ".maxSkew", skew, "must be greater than zero");
    const auto key = text_of(one, "topologyKey");
    if (key.empty()) problems.required(at + ".topologyKey", "can not be empty");
    else problems.invalid_text(at + ".topologyKey", key, lang::label_key_problems(key));
    const auto otherwise = text_of(one, "whenUnsatisfiable");
    if (otherwise != "DoNotSchedule" && otherwise != "ScheduleAnyway")
      problems.unsupported(at + ".whenUnsatisfiable", Value(otherwise), {"DoNotSchedule", "ScheduleAnyway"});
    // Compat: the pair is reported at the first of the two.
    for (std::size_t k = i + 1; k < constraints.size(); ++k)
      if (identity(i) == identity(k)) problems.duplicate(at + ".{topologyKey, whenUnsatisfiable}", Value(identity(i)));
    validate_min_domains(at + ".minDomains", one, problems);
    for (const char* policy : {"nodeAffinityPolicy", "nodeTaintsPolicy"})
      problems.one_of(at + "." + policy, text_of(one, policy), {"Honor", "Ignore"});
    validate_selector_of(at, one, problems);
  }
}

}  // namespace

void validate_affinity(const std::string& path, const json::Object& spec, FieldProblems& problems) {
  const Object& affinity = object_in(spec, "affinity");
  validate_node_affinity(path + ".affinity.nodeAffinity", object_in(affinity, "nodeAffinity"), problems);
  validate_pod_affinity(path + ".affinity.podAffinity", object_in(affinity, "podAffinity"), problems);
  validate_pod_affinity(path + ".affinity.podAntiAffinity", object_in(affinity, "podAntiAffinity"), problems);
}

void validate_gates(const std::string& path, const json::Object& spec, FieldProblems& problems) {
  const Array& readiness = list_in(spec, "readinessGates");
  for (std::size_t i = 0; i < readiness.size(); ++i) {
    const auto type = text_of(as_object(readiness[i]), "conditionType");
    problems.invalid_text(item_path(path + ".readinessGates", i) + ".conditionType", type, lang::label_key_problems(type));
  }
  const Array& scheduling = list_in(spec, "schedulingGates");
  for (std::size_t i = 0; i < scheduling.size(); ++i) {
    // Compat: without the member in the path.
    const auto name = text_of(as_object(scheduling[i]), "name");
    problems.invalid_text(item_path(path + ".schedulingGates", i), name, lang::label_key_problems(name));
  }
  validate_spread(path + ".topologySpreadConstraints", list_in(spec, "topologySpreadConstraints"), problems);
}

}  // namespace canaria::api

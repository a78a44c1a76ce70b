// What a CustomResourceDefinition means: the resources it adds, what is wrong with it, and the status that tells its author
// that it is served. Pure functions; served_resources.cc follows the definitions and definition_follower.cc writes.
//
// All versions of a definition share one storage. Their objects differ in apiVersion alone: conversion webhooks are refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiserver/served_resources.h"
#include "base/time.h"
#include "json/value.h"

namespace canaria::apiserver {

// A definition with the names filled in that may be left out.
json::Value with_definition_defaults(json::Value definition);

// Why a definition cannot be taken, in the words of the API server. REQUIRES: it has passed the checks of its schema.
std::vector<ErrorCause> definition_problems(const json::Value& definition, const json::Value* before);

// One resource for each served version; none when the definition makes no sense.
std::vector<ServedResource> defined_resources(const json::Value& definition);

// The columns of one element of spec.versions.
std::vector<PrintColumn> print_columns(const json::Value& version);

// Why a definition's names cannot be used: "KindConflict" and a text.
struct NameConflict {
  std::string reason;
  std::string message;
};
// The first of the names that another resource of the group has already; `served` are all resources.
std::optional<NameConflict> name_conflict(const json::Value& definition, const std::vector<const ServedResource*>& served);

// The status a definition should have; equal to the one it has when nothing is to be written.
json::Value definition_status(const json::Value& definition, const std::optional<NameConflict>& conflict, Time now);

}  // namespace canaria::apiserver

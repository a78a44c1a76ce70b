// What is special about Namespaces: what a new one is given, when a deleted one may go, and whether one takes new objects.
// Emptying a deleted one is somebody else's work: whoever serves the kinds knows what can be in it.
#pragma once

#include "base/result.h"
#include "json/value.h"
#include "store/metadata.h"

namespace canaria::store {

// The finalizer in spec that stands for the contents.
constexpr std::string_view kContentsFinalizer = "kubernetes";

// Phase, finalizer and the label with its name, as the Kubernetes API server sets them.
void prepare_namespace(json::Object& object);

// Whether nothing in spec.finalizers holds a deleted Namespace any more.
bool namespace_is_finalized(const json::Object& object);
void mark_namespace_terminating(json::Object& object);

// Why nothing can be created in a Namespace: it does not exist (null), or it is being deleted.
Status namespace_accepts(const json::Value* existing, const std::string& namespace_name, const std::string& what);

// What is special about CustomResourceDefinitions: a deleted one waits for its objects.
constexpr std::string_view kInstancesFinalizer = "customresourcecleanup.apiextensions.k8s.io";

}  // namespace canaria::store

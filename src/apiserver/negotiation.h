// Which form of an answer the client takes: the objects themselves, a Table or only their metadata; as JSON or YAML. Protobuf
// is never sent: every client that asks for it takes JSON as well.
#pragma once

#include <optional>
#include <string_view>

namespace canaria::apiserver {

enum class Shape { kObjects, kTable, kMetadata };
enum class Notation { kJson, kYaml };

struct Answer {
  Shape shape = Shape::kObjects;
  Notation notation = Notation::kJson;
};

// The first form in an Accept header that can be served; empty when there is none (406).
std::optional<Answer> negotiate(std::string_view accept);

// "application/json; charset=utf-8" -> "application/json".
std::string_view media_type(std::string_view header);

constexpr std::string_view kAcceptedTypes = "application/json, application/yaml";

}  // namespace canaria::apiserver

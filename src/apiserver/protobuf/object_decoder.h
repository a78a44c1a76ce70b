// Objects in protobuf, as typed Go clients send them, to the JSON that the same clients would have sent: members that Go leaves
// out are left out and those that it always writes are there, so that everything after this (defaults, checks, ownership of
// fields) need not know which notation it was.
//
// An object travels in an envelope that says its type: the four bytes "k8s\0", then a message with apiVersion, kind and the
// object itself. Nothing is ever written in protobuf.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace canaria::apiserver::protobuf {

constexpr std::string_view kContentType = "application/vnd.kubernetes.protobuf";

struct Envelope {
  std::string api_version;  // may be empty, as kind
  std::string kind;
  std::string raw;
};
// Fails with kBadRequest.
Result<Envelope> open_envelope(std::string_view body);

// REQUIRES find_message(api_version, kind). apiVersion and kind are part of the result. Fails with kBadRequest on bytes that are
// no such message, on objects that are nested too deeply, and on those with so many members that a small body would fill the
// memory.
Result<json::Value> decode_object(std::string_view api_version, std::string_view kind, std::string_view raw);

}  // namespace canaria::apiserver::protobuf

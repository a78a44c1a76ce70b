// Errors as clients know them: Status objects with code, reason and details, from which kubectl and client libraries make
// their own messages and decisions.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"
#include "net/http_server.h"

namespace canaria::apiserver {

struct ApiRequest;

// What a refusal is about: fills Status.details. All may be empty.
struct Subject {
  std::string group;
  std::string kind;    // for errors about the content
  std::string plural;  // for all others
  std::string name;
};
Subject subject_of(const ApiRequest& request);

// The Status object of an error.
json::Value status_of(const Error& error, const Subject& subject);
// The Status object of a success that has no object to show.
json::Value success_status(const Subject& subject, std::string_view uid);

net::ServerResponse refusal(const Error& error, const Subject& subject = {});
// For what Error has no code for: 405, 406, 413, 415.
net::ServerResponse refusal(int status, std::string_view reason, const std::string& message);

net::ServerResponse json_answer(int status, std::string text);

}  // namespace canaria::apiserver

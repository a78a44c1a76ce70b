// The rules on Events. Those that say when (eventTime) have to say who and what as well; of events.k8s.io/v1 all do.
#include "api/kind_validation.h"
#include "api/object_members.h"

namespace canaria::api {

namespace {

using json::Object;
using json::Value;

constexpr std::size_t kWordLimit = 128;
constexpr std::size_t kMessageLimit = 1024;

void validate_word(const Object& event, const char* member, FieldProblems& problems) {
  const auto text = text_of(event, member);
  if (text.empty()) problems.required(member);
  else if (text.size() > kWordLimit) problems.invalid_text(member, "", "can have at most 128 characters");
}

}  // namespace

// Events about objects without a namespace live in "default".
void validate_event(const json::Object& event, const json::Object*, FieldProblems& problems) {
  const auto place = text_of(object_in(event, "metadata"), "namespace");
  const auto subject = text_of(object_in(event, "involvedObject"), "namespace");
  const bool is_new = !is_unset(event, "eventTime");
  const bool fits_nowhere = place != "default" && !place.empty() && !(is_new && place == "kube-system");
  if (subject.empty() ? fits_nowhere : subject != place)
    problems.invalid_text("involvedObject.namespace", subject, "does not match event.namespace");
  if (!is_new) return;
  if (text_of(event, "reportingComponent").empty()) problems.required("reportingComponent");
  for (const char* member : {"reportingInstance", "action", "reason"}) validate_word(event, member, problems);
  if (text_of(event, "message").size() > kMessageLimit) problems.invalid_text("message", "", "can have at most 1024 characters");
}

// What a new one in the form of events.k8s.io/v1 has to have beside that; the members of old Events are not for it.
void validate_grouped_event(const json::Object& event, const json::Object* before, FieldProblems& problems) {
  if (before) return;
  if (is_unset(event, "eventTime")) problems.required("eventTime");
  const auto type = text_of(event, "type");
  if (type != "Normal" && type != "Warning") problems.invalid_text("type", "", "has invalid value: " + std::string(type));
  if (!is_unset(event, "deprecatedFirstTimestamp")) problems.invalid_text("firstTimestamp", "", "needs to be unset");
  if (!is_unset(event, "deprecatedLastTimestamp")) problems.invalid_text("lastTimestamp", "", "needs to be unset");
  if (integer_in(event, "deprecatedCount").value_or(0) != 0) problems.invalid_text("count", "", "needs to be unset");
  const Object& source = object_in(event, "deprecatedSource");
  if (!text_of(source, "component").empty() || !text_of(source, "host").empty())
    problems.invalid_text("source", "", "needs to be unset");
}

}  // namespace canaria::api

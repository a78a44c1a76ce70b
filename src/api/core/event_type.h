// The two types of a Kubernetes Event.
#pragma once

namespace canaria::api {

enum class EventType { kNormal, kWarning };

}  // namespace canaria::api

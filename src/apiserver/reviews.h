// Reviews: a client asks what it may do, or who it is. Answered at once and not kept (kubectl auth can-i, kubectl auth whoami).
#pragma once

#include "apiserver/api_request.h"

namespace canaria::apiserver {

// Who is no master may find out about himself all the same.
bool is_review(const ServedResource& served);

// REQUIRES: is_review(*request.served) and a creation.
net::ServerResponse answer_review(const ApiRequest& request);

}  // namespace canaria::apiserver

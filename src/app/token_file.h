// Further users of the embedded API, in the file format of kube-apiserver's --token-auth-file: lines of token,user,uid and,
// quoted when there are several, groups.
#pragma once

#include <string_view>
#include <vector>

#include "apiserver/authentication.h"
#include "base/result.h"

namespace canaria::app {

// Empty lines are skipped. Fails with kInvalid on a line with fewer than three fields or an open quote.
Result<std::vector<apiserver::ApiUser>> parse_token_file(std::string_view text);

}  // namespace canaria::app

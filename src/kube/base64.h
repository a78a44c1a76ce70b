// Base64 under the name this folder has always used.
#pragma once

#include "base/base64.h"

namespace canaria::kube {

using canaria::decode_base64;
using canaria::encode_base64;

}  // namespace canaria::kube

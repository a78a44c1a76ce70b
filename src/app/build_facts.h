// What this program was built from, for `version`, build_info and the User-Agent.
#pragma once

#include "cli/cli.h"

namespace canaria::app {

cli::BuildFacts build_facts();

}  // namespace canaria::app

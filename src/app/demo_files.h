// The files of examples/flask-app-canary, as they were when the program was built: the demo runs them wherever it is started.
#pragma once

#include <string_view>
#include <vector>

namespace canaria::app {

struct DemoFile {
  std::string_view name;  // below the example's folder
  std::string_view text;
};
const std::vector<DemoFile>& demo_files();

}  // namespace canaria::app

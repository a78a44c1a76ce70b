// Assertions for what only a bug can break: always on, end the program with the expression and a message.
// Never for input, the network or files; those are Results.
#pragma once

#include <cstdio>
#include <cstdlib>

#define CANARIA_ASSERT(condition, message) \
  ((condition)                             \
       ? static_cast<void>(0)              \
       : (std::fprintf(stderr, "%s:%d: assertion failed: %s: %s\n", __FILE__, __LINE__, #condition, message), std::abort()))

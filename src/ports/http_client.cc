#include "ports/http_client.h"

#include <algorithm>

namespace canaria {

std::string_view find_header(const HttpHeaders& headers, std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  for (const auto& [key, value] : headers)
    if (std::equal(key.begin(), key.end(), name.begin(), name.end(), [lower](char a, char b) { return lower(a) == lower(b); }))
      return value;
  return {};
}

}  // namespace canaria

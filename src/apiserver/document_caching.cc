#include "apiserver/document_caching.h"

#include <ctime>
#include <fmt/format.h>
#include <utility>

#include "base/hash.h"

namespace canaria::apiserver {
namespace {

constexpr std::chrono::days kKept{365};

// "Tue, 24 Nov 2026 03:00:00 GMT"
std::string http_date(Time time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::floor<Seconds>(time));
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[parts.tm_wday], parts.tm_mday, kMonths[parts.tm_mon],
                     parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

bool names_hash(std::string_view query) { return query.starts_with("hash=") || query.find("&hash=") != std::string_view::npos; }

}  // namespace

// Two 32-bit hashes with different starts: documents are kept by clients under it.
std::string document_hash(std::string_view text) {
  return fmt::format("{:08X}{:08X}", fnv1a_32(text), fnv1a_32(text, 0x9E3779B9U));
}

net::ServerResponse cacheable_answer(const net::ServerRequest& request, TypedDocument document, Time now) {
  const std::string tag = '"' + document_hash(document.text) + '"';
  const bool is_known = find_header(request.headers, "If-None-Match").find(tag) != std::string_view::npos;
  net::ServerResponse response(is_known ? 304 : 200, is_known ? std::string() : std::move(document.text),
                               std::move(document.content_type));
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Vary", "Accept");
  const bool is_lasting = request.path.starts_with("/openapi/v3/") && names_hash(request.query);
  response.headers.emplace_back("Cache-Control", is_lasting ? "public, immutable" : "public");
  // Clients count the time until Expires from here, and without it not at all.
  response.headers.emplace_back("Date", http_date(now));
  if (is_lasting) response.headers.emplace_back("Expires", http_date(now + kKept));
  return response;
}

}  // namespace canaria::apiserver

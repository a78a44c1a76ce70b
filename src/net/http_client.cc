#include "net/http_client.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <curl/curl.h>
#include <fmt/format.h>
#include <optional>

#include "async/event.h"
#include "base/assert.h"
#include "net/curl_multi.h"
#include "net/line_splitter.h"

namespace canaria::net {
namespace {

constexpr std::size_t kLineLimit = 16 << 20;
constexpr long kConnectMillis = 10'000;
constexpr long kStreamBuffer = 8 << 10;  // a watch is idle most of its life

// Host and port of a URL for messages and for CURLOPT_CONNECT_TO.
struct Place {
  std::string host;
  std::string port;
  std::string text() const { return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port; }
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK || !text) return {};
  std::string result = text;
  curl_free(text);
  if (part == CURLUPART_HOST && result.size() > 2 && result.front() == '[') result = result.substr(1, result.size() - 2);
  return result;
}

Place place_of(const std::string& text) {
  Place place;
  CURLU* url = curl_url();
  if (curl_url_set(url, CURLUPART_URL, text.c_str(), 0) == CURLUE_OK) {
    place.host = part_of(url, CURLUPART_HOST);
    place.port = part_of(url, CURLUPART_PORT);
  }
  curl_url_cleanup(url);
  return place;
}

// The URL with another host, for a server that is to be addressed by the name in its certificate.
std::string with_host(const std::string& text, const std::string& host) {
  CURLU* url = curl_url();
  curl_url_set(url, CURLUPART_URL, text.c_str(), 0);
  curl_url_set(url, CURLUPART_HOST, host.c_str(), 0);
  const std::string result = part_of(url, CURLUPART_URL);
  curl_url_cleanup(url);
  return result;
}

Error explain(CURLcode code, const std::string& place, const std::string& detail) {
  const auto error = [](Code kind, std::string message) { return Error{kind, std::move(message), std::nullopt}; };
  const std::string reason = detail.empty() ? curl_easy_strerror(code) : detail;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return error(Code::kTimeout, fmt::format("{}: no answer in time", place));
    case CURLE_COULDNT_RESOLVE_HOST:
      return error(Code::kUnavailable, fmt::format("{}: the host name cannot be resolved; check the server address", place));
    case CURLE_COULDNT_RESOLVE_PROXY:
      return error(Code::kUnavailable, fmt::format("{}: the proxy's host name cannot be resolved; check proxy-url", place));
    case CURLE_COULDNT_CONNECT:
      return error(Code::kUnavailable,
                   fmt::format("{}: cannot connect ({}); check that the server runs and is reachable", place, reason));
    case CURLE_PEER_FAILED_VERIFICATION:
      return error(Code::kUnavailable,
                   fmt::format("{}: the server's certificate is refused ({}); check the certificate authority and the "
                               "server name",
                               place, reason));
    case CURLE_SSL_CACERT_BADFILE:
      return error(Code::kInvalid, fmt::format("{}: the certificate authority cannot be read ({})", place, reason));
    case CURLE_SSL_CERTPROBLEM:
      return error(Code::kInvalid, fmt::format("{}: the client certificate or key cannot be used ({})", place, reason));
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return error(Code::kInvalid, fmt::format("{}: not a usable http or https address", place));
    case CURLE_FILESIZE_EXCEEDED: return error(Code::kInvalid, fmt::format("{}: the answer is too large", place));
    default: return error(Code::kUnavailable, fmt::format("{}: {}", place, reason));
  }
}

}  // namespace

class CurlHttpClient::Multi : public CurlMulti {
 public:
  Multi(boost::asio::io_context& context, HttpClientOptions wanted)
      : CurlMulti(context, wanted.kept_connections), options(std::move(wanted)) {}
  HttpClientOptions options;
};

// One exchange, from its options to its end. Lives in the frame of the coroutine that waits for it.
class CurlHttpClient::Transfer : public CurlMulti::Owner {
 public:
  Transfer(Multi& multi, HttpRequest request, LineSink sink)
      : multi_(multi), easy_(multi.acquire()), request_(std::move(request)), sink_(std::move(sink)) {
    set_basics();
    set_request();
    set_peer();
  }
  ~Transfer() {
    multi_.release(easy_);
    curl_slist_free_all(headers_);
    curl_slist_free_all(connect_to_);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void start() { multi_.start(easy_); }
  async::Event& done() { return done_; }
  async::SteadyTime last_activity() const { return last_activity_; }
  bool has_answer() const { return answered_; }

  Result<HttpResponse> take_result() {
    if (code_ == CURLE_WRITE_ERROR && too_large_) code_ = CURLE_FILESIZE_EXCEEDED;
    if (code_ != CURLE_OK) return fail(explain(code_, place_name(), error_text_.data()));
    if (sink_ && is_success()) {
      const std::string rest = lines_.take_rest();
      if (!rest.empty()) sink_(rest);
    }
    return std::move(response_);
  }
  std::string place_name() const {
    const Place place = place_of(request_.url);
    return place.host.empty() ? request_.url : place.text();
  }

  void ended(CURLcode code) override {
    code_ = code;
    done_.set();
  }

 private:
  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(easy_, option, value);
  }

  void set_basics() {
    set(CURLOPT_PRIVATE, static_cast<void*>(static_cast<CurlMulti::Owner*>(this)));
    set(CURLOPT_ERRORBUFFER, error_text_.data());
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_NOPROGRESS, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_USERAGENT, multi_.options.user_agent.c_str());
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_TCP_KEEPIDLE, 30L);
    set(CURLOPT_TCP_KEEPINTVL, 10L);
    set(CURLOPT_MAXAGE_CONN, 80L);  // the API server closes idle connections after 90 s
    set(CURLOPT_CONNECTTIMEOUT_MS, std::min<long>(kConnectMillis, request_.timeout.count()));
    if (!sink_) set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
    if (sink_) set(CURLOPT_BUFFERSIZE, kStreamBuffer);
    set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  }

  void set_request() {
    set(CURLOPT_URL, request_.url.c_str());
    for (const auto& [name, value] : request_.headers) add_header(name + ": " + value);
    if (request_.method == "GET") {
      set(CURLOPT_HTTPGET, 1L);
    } else if (request_.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else {
      set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
      if (!request_.body.empty() || request_.method != "DELETE") {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
        set(CURLOPT_POSTFIELDS, request_.body.c_str());
        add_header("Expect:");  // never wait for "100 Continue"
      }
    }
  }

  void set_peer() {
    if (request_.peer) {
      const HttpPeer& peer = *request_.peer;
      if (!peer.ca_pem.empty()) {
        set_blob(CURLOPT_CAINFO_BLOB, peer.ca_pem);
        set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // or the system's would be trusted, too
      }
      if (!peer.certificate_pem.empty()) set_blob(CURLOPT_SSLCERT_BLOB, peer.certificate_pem);
      if (!peer.key_pem.empty()) set_blob(CURLOPT_SSLKEY_BLOB, peer.key_pem);
      if (peer.verify == Verify::kNo) {
        set(CURLOPT_SSL_VERIFYPEER, 0L);
        set(CURLOPT_SSL_VERIFYHOST, 0L);
        set(CURLOPT_CAINFO, static_cast<const char*>(nullptr));
        set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
      }
      if (!peer.proxy_url.empty()) set(CURLOPT_PROXY, peer.proxy_url.c_str());
      if (peer.proxy == ProxyUse::kNever) set(CURLOPT_NOPROXY, "*");
      if (!peer.server_name.empty()) address_by_name(peer.server_name);
    }
    if (headers_) set(CURLOPT_HTTPHEADER, headers_);
  }

  // curl takes the name for TLS from the URL, so the URL gets that name and the connection is sent to the real place.
  void address_by_name(const std::string& name) {
    const Place place = place_of(request_.url);
    if (place.host.empty() || place.host == name) return;
    add_header("Host: " + place.text());
    connect_to_ = curl_slist_append(connect_to_, ("::" + place.text()).c_str());
    set(CURLOPT_CONNECT_TO, connect_to_);
    set(CURLOPT_URL, with_host(request_.url, name).c_str());
  }

  void set_blob(CURLoption option, const std::string& text) {
    curl_blob blob{};
    blob.data = const_cast<char*>(text.data());
    blob.len = text.size();
    blob.flags = CURL_BLOB_NOCOPY;  // the request holds the peer
    curl_easy_setopt(easy_, option, &blob);
  }

  void add_header(const std::string& line) { headers_ = curl_slist_append(headers_, line.c_str()); }
  bool is_success() const { return response_.status >= 200 && response_.status < 300; }

  static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self) {
    static_cast<Transfer*>(self)->take_header(std::string_view(bytes, size));
    return size;
  }
  void take_header(std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {  // a new answer, after a 1xx one
      response_ = HttpResponse();
      const std::size_t blank = line.find(' ');
      if (blank != std::string_view::npos) response_.status = std::atoi(std::string(line.substr(blank + 1, 3)).c_str());
      return;
    }
    if (line.empty()) {
      if (response_.status >= 200) note_answer();
      return;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string_view value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
    response_.headers.emplace_back(line.substr(0, colon), value);
  }
  void note_answer() {
    answered_ = true;
    last_activity_ = std::chrono::steady_clock::now();
    curl_off_t length = -1;
    curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (!sink_ && length > 0 && static_cast<std::size_t>(length) <= request_.body_limit)
      response_.body.reserve(static_cast<std::size_t>(length));
  }

  static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self) {
    return static_cast<Transfer*>(self)->take_body(std::string_view(bytes, size)) ? size : 0;
  }
  bool take_body(std::string_view chunk) {
    last_activity_ = std::chrono::steady_clock::now();
    if (sink_ && is_success()) {
      too_large_ = !lines_.feed(chunk, sink_);
    } else {
      response_.body.append(chunk);
      too_large_ = response_.body.size() > request_.body_limit;
    }
    return !too_large_;
  }

  Multi& multi_;
  CURL* easy_;
  HttpRequest request_;
  LineSink sink_;
  LineSplitter lines_{kLineLimit};
  HttpResponse response_;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  async::Event done_;
  async::SteadyTime last_activity_ = std::chrono::steady_clock::now();
  CURLcode code_ = CURLE_OK;
  bool answered_ = false;
  bool too_large_ = false;
};

CurlHttpClient::CurlHttpClient(async::Loop& loop, HttpClientOptions options)
    : multi_(std::make_unique<Multi>(loop.context(), std::move(options))) {}
CurlHttpClient::~CurlHttpClient() = default;

Task<Result<HttpResponse>> CurlHttpClient::send(HttpRequest request) {
  Transfer transfer(*multi_, std::move(request), nullptr);
  transfer.start();
  co_await transfer.done().wait();
  co_return transfer.take_result();
}

Task<Result<HttpResponse>> CurlHttpClient::stream(HttpRequest request, Millis idle_limit, LineSink sink) {
  CANARIA_ASSERT(sink, "a stream needs somebody to take its lines");
  const Millis answer_limit = request.timeout;
  Transfer transfer(*multi_, std::move(request), std::move(sink));
  transfer.start();
  for (;;) {
    const Millis limit = transfer.has_answer() ? idle_limit : answer_limit;
    const async::SteadyTime deadline = transfer.last_activity() + limit;
    const async::Wake wake = co_await transfer.done().wait_until(deadline);
    if (wake == async::Wake::kSet) co_return transfer.take_result();
    const Millis allowed = transfer.has_answer() ? idle_limit : answer_limit;
    if (wake == async::Wake::kTimeout && std::chrono::steady_clock::now() >= transfer.last_activity() + allowed)
      co_return fail(Code::kTimeout, fmt::format("{}: nothing arrived for {} ms", transfer.place_name(), allowed.count()));
    if (wake == async::Wake::kCancelled) co_await transfer.done().wait();  // throws
  }
}

}  // namespace canaria::net

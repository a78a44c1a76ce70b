// A token bucket: `burst` at once, then `rate` per second. Pure; the caller says what time it is.
#pragma once

#include <algorithm>
#include <chrono>

namespace canaria::kube {

class TokenBucket {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  using Span = std::chrono::duration<double>;

  TokenBucket(double rate, double burst) : rate_(rate), burst_(burst), tokens_(burst) {}

  // Takes a token if there is one.
  bool try_take(Instant now) {
    fill(now);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  // Takes a token in any case and returns how long to wait for it.
  Span reserve(Instant now) {
    fill(now);
    tokens_ -= 1;
    return tokens_ >= 0 ? Span(0) : Span(-tokens_ / rate_);
  }

 private:
  void fill(Instant now) {
    if (now > filled_ && filled_ != Instant()) tokens_ = std::min(burst_, tokens_ + Span(now - filled_).count() * rate_);
    if (now > filled_) filled_ = now;
  }

  double rate_;
  double burst_;
  double tokens_;
  Instant filled_{};
};

}  // namespace canaria::kube

#include "machine/traffic/listen_trial.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

#include "machine/runtime/descriptor.h"

namespace canaria::machine {
namespace {

using plan::proxy::Listener;
using plan::proxy::ListenPlace;

// 0 or the reason as errno.
int listen_error(const ListenPlace& place) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(place.port));
  if (place.port < 1 || place.port > 65535 || ::inet_pton(AF_INET, place.address.c_str(), &address.sin_addr) != 1) return EINVAL;
  const OwnedDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return errno;
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return errno;
  return ::listen(socket.get(), 1) == 0 ? 0 : errno;
}

bool is_held(const std::vector<ListenPlace>& held, const ListenPlace& place) {
  return std::find(held.begin(), held.end(), place) != held.end();
}

// Whether the listener runs; sets its port and says what people have to know.
bool settle(Listener& listener, const std::vector<ListenPlace>& held, std::string& message) {
  const ListenPlace moved{listener.place.address, listener.place.port + kUnprivilegedOffset};
  Result<std::int32_t> port = fail(Code::kInternal, "");
  if (is_held(held, listener.place)) port = listener.place.port;
  else if (listener.place.port < 1024 && is_held(held, moved)) port = moved.port;
  else port = try_to_listen(listener.place);
  if (!port) {
    message = port.error().message;
    return false;
  }
  if (*port == listener.place.port) return true;
  listener.bound_port = *port;
  message = "listens on port " + std::to_string(*port) + " instead of " + std::to_string(listener.place.port) +
            ", for which root is needed";
  return true;
}

}  // namespace

Result<std::int32_t> try_to_listen(const ListenPlace& place) {
  int error = listen_error(place);
  ListenPlace tried = place;
  if (error == EACCES && place.port < 1024) {
    tried.port += kUnprivilegedOffset;
    error = listen_error(tried);
  }
  if (error == 0) return tried.port;
  if (error == EADDRINUSE)
    return fail(Code::kAlreadyExists, "address " + tried.text() + " is in use by another program; stop it or change the port");
  return fail(Code::kUnavailable, "cannot listen on " + tried.text() + ": " + std::strerror(error));
}

std::map<std::string, std::string> settle_ports(plan::proxy::ProxyModel& model, const std::vector<ListenPlace>& held) {
  std::map<std::string, std::string> messages;
  std::erase_if(model.listeners, [&](Listener& listener) {
    std::string message;
    const bool runs = settle(listener, held, message);
    if (!message.empty()) messages.emplace(listener.name, std::move(message));
    return !runs;
  });
  // A moved port may be one that another listener asks for.
  std::map<ListenPlace, int> uses;
  for (const Listener& listener : model.listeners) ++uses[{listener.place.address, listener.port()}];
  std::erase_if(model.listeners, [&](const Listener& listener) {
    const ListenPlace place{listener.place.address, listener.port()};
    if (listener.bound_port == 0 || uses[place] < 2) return false;
    messages[listener.name] = "address " + place.text() + " is in use by another port of the same object";
    return true;
  });
  return messages;
}

}  // namespace canaria::machine

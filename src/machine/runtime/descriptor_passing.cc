#include "machine/runtime/descriptor_passing.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace canaria::machine {
namespace {

constexpr std::size_t kDescriptorsMax = 4;
constexpr std::size_t kBytesMax = 8 << 10;

}  // namespace

SocketPair make_socket_pair() {
  SocketPair pair;
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return pair;
  pair.own.reset(ends[0]);
  pair.other.reset(ends[1]);
  return pair;
}

int send_message(int socket, std::string_view bytes, const int* descriptors, std::size_t count) {
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kDescriptorsMax)> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (count > 0) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    cmsghdr* item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof(int) * count);
    std::memcpy(CMSG_DATA(item), descriptors, sizeof(int) * count);
  }
  while (::sendmsg(socket, &header, MSG_NOSIGNAL) < 0)
    if (errno != EINTR) return errno;
  return 0;
}

PassedMessage receive_message(int socket) {
  PassedMessage result;
  result.bytes.resize(kBytesMax);
  iovec part{result.bytes.data(), result.bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kDescriptorsMax)> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  ssize_t size = -1;
  do size = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  while (size < 0 && errno == EINTR);
  result.is_end = size <= 0;
  result.bytes.resize(result.is_end ? 0 : static_cast<std::size_t>(size));
  const cmsghdr* item = result.is_end ? nullptr : CMSG_FIRSTHDR(&header);
  if (item == nullptr || item->cmsg_type != SCM_RIGHTS) return result;
  for (std::size_t at = 0; CMSG_LEN(at + sizeof(int)) <= item->cmsg_len; at += sizeof(int)) {
    int number = -1;
    std::memcpy(&number, CMSG_DATA(item) + at, sizeof number);
    result.descriptors.emplace_back(number);
  }
  return result;
}

}  // namespace canaria::machine

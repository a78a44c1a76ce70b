// Which binds are rewritten, as a table; and real programs that listen on every address of the machine.
#include "machine/runtime/address_rewriting.h"

#include <arpa/inet.h>
#include <cstring>
#include <sys/socket.h>

#include "machine/runtime/runtime_test_world.h"

namespace canaria::machine {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::vector<unsigned char> ipv4(const char* address, std::uint16_t port, int family = AF_INET) {
  sockaddr_in result{};
  result.sin_family = static_cast<sa_family_t>(family);
  result.sin_port = htons(port);
  ::inet_pton(AF_INET, address, &result.sin_addr);
  std::vector<unsigned char> bytes(sizeof result);
  std::memcpy(bytes.data(), &result, sizeof result);
  return bytes;
}

std::vector<unsigned char> ipv6(const char* address, std::uint16_t port) {
  sockaddr_in6 result{};
  result.sin6_family = AF_INET6;
  result.sin6_port = htons(port);
  ::inet_pton(AF_INET6, address, &result.sin6_addr);
  std::vector<unsigned char> bytes(sizeof result);
  std::memcpy(bytes.data(), &result, sizeof result);
  return bytes;
}

TEST(JudgeBind, RewritesWildcardsWithAPort) {
  EXPECT_EQ(judge_bind(AF_INET, SOCK_STREAM, false, ipv4("0.0.0.0", 80)), BindAnswer::kPodAddress);
  EXPECT_EQ(judge_bind(AF_INET, SOCK_DGRAM, false, ipv4("0.0.0.0", 53)), BindAnswer::kPodAddress);
  EXPECT_EQ(judge_bind(AF_INET, SOCK_STREAM, false, ipv4("0.0.0.0", 80, AF_UNSPEC)), BindAnswer::kPodAddress);
  EXPECT_EQ(judge_bind(AF_INET6, SOCK_STREAM, false, ipv6("::", 80)), BindAnswer::kPodAddress);
  EXPECT_EQ(judge_bind(AF_INET6, SOCK_STREAM, false, ipv6("::ffff:0.0.0.0", 80)), BindAnswer::kPodAddress);
  EXPECT_EQ(judge_bind(AF_INET6, SOCK_STREAM, true, ipv6("::", 80)), BindAnswer::kNowhere);
}

TEST(JudgeBind, LeavesEverythingElse) {
  EXPECT_EQ(judge_bind(AF_INET, SOCK_STREAM, false, ipv4("127.0.0.1", 80)), BindAnswer::kAsItIs);
  EXPECT_EQ(judge_bind(AF_INET, SOCK_STREAM, false, ipv4("0.0.0.0", 0)), BindAnswer::kAsItIs);
  EXPECT_EQ(judge_bind(AF_INET, SOCK_RAW, false, ipv4("0.0.0.0", 80)), BindAnswer::kAsItIs);
  EXPECT_EQ(judge_bind(AF_INET, SOCK_STREAM, false, ipv6("::", 80)), BindAnswer::kAsItIs);
  EXPECT_EQ(judge_bind(AF_INET6, SOCK_STREAM, false, ipv6("::1", 80)), BindAnswer::kAsItIs);
  EXPECT_EQ(judge_bind(AF_INET6, SOCK_STREAM, false, ipv6("::", 0)), BindAnswer::kAsItIs);
  EXPECT_EQ(judge_bind(AF_INET6, SOCK_STREAM, false, ipv4("0.0.0.0", 80)), BindAnswer::kAsItIs);
  EXPECT_EQ(judge_bind(AF_UNIX, SOCK_STREAM, false, ipv4("0.0.0.0", 80)), BindAnswer::kAsItIs);
  EXPECT_EQ(judge_bind(AF_INET, SOCK_STREAM, false, {1, 2, 3}), BindAnswer::kAsItIs);
}

class AddressRewritingTest : public RuntimeWorld {
 protected:
  ContainerSpec python(const std::string& script, const std::string& address, const std::string& pod) const {
    ContainerSpec result = spec({"python3", "-u", "-c", "import socket, sys, time, os, threading\n" + script}, pod);
    result.address = address;
    return result;
  }
  // Its whole log, once it holds that text.
  std::string log_with(const ContainerId& id, const std::string& text) {
    EXPECT_TRUE(eventually([&] { return log(id).find(text) != std::string::npos; })) << log(id);
    return log(id);
  }
};

// Prints what the socket is bound to and echoes once to whoever connects.
constexpr const char* kServer =
    "s = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET)\n"
    "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
    "s.bind((host, 18080)); s.listen(); print('bound', s.getsockname()[0], s.getsockname()[1])\n"
    "while True:\n  c, _ = s.accept(); c.sendall(name.encode()); c.close()\n";

std::string ask(const char* address, std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto bytes = ipv4(address, port);
  std::string text(100, '\0');
  ssize_t size = -1;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(bytes.data()), static_cast<socklen_t>(bytes.size())) == 0)
    size = ::read(socket, text.data(), text.size());
  ::close(socket);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

TEST_F(AddressRewritingTest, TheSamePortOnEveryPodsAddress) {
  const std::string script = kServer;
  const auto one = python("host, name = '0.0.0.0', 'one'\n" + script, "127.211.0.1", "one");
  const auto two = python("host, name = '::', 'two'\n" + script, "127.211.0.2", "two");
  const auto three = python("host, name = '::ffff:0.0.0.0', 'three'\n" + script, "127.211.0.3", "three");
  for (const auto& wanted : {one, two, three}) ASSERT_TRUE(start(wanted).has_value());
  EXPECT_EQ(log_with(one.id, "bound"), "stdout F bound 127.211.0.1 18080\n");
  EXPECT_EQ(log_with(two.id, "bound"), "stdout F bound ::ffff:127.211.0.2 18080\n");
  EXPECT_EQ(log_with(three.id, "bound"), "stdout F bound ::ffff:127.211.0.3 18080\n");
  EXPECT_EQ(ask("127.211.0.1", 18080), "one");
  EXPECT_EQ(ask("127.211.0.2", 18080), "two");
  EXPECT_EQ(ask("127.211.0.3", 18080), "three");
  EXPECT_EQ(ask("127.0.0.1", 18080), "");
}

TEST_F(AddressRewritingTest, ErrorsOfTheKernelReachTheProgram) {
  const auto wanted = python(
      "a = socket.socket(); a.bind(('0.0.0.0', 18081)); a.listen()\n"
      "try:\n  b = socket.socket(); b.bind(('0.0.0.0', 18081))\n"
      "except OSError as e: print(e.strerror)\n"
      "try: a.bind(('0.0.0.0', 18082))\n"
      "except OSError as e: print(e.strerror)\n",
      "127.211.0.4", "clash");
  run(wanted);
  EXPECT_EQ(log(wanted.id), "stdout F Address already in use\nstdout F Invalid argument\n");
}

TEST_F(AddressRewritingTest, TwoSocketsForTwoFamiliesAndOtherAddressesWork) {
  const auto wanted = python(
      "a = socket.socket(socket.AF_INET6); a.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)\n"
      "a.bind(('::', 18083)); a.listen(); print(a.getsockname()[0])\n"
      "b = socket.socket(); b.bind(('0.0.0.0', 18083)); b.listen(); print(b.getsockname())\n"
      "c = socket.socket(); c.bind(('127.211.9.9', 18083)); print(c.getsockname())\n"
      "d = socket.socket(); d.bind(('0.0.0.0', 0)); print(d.getsockname()[0])\n"
      "e = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); e.bind(('0.0.0.0', 18083)); print(e.getsockname())\n"
      "f = socket.socket(socket.AF_UNIX); f.bind('sock'); print(f.getsockname())\n",
      "127.211.0.5", "families");
  run(wanted);
  EXPECT_EQ(log(wanted.id),
            "stdout F ::1\nstdout F ('127.211.0.5', 18083)\nstdout F ('127.211.9.9', 18083)\nstdout F 0.0.0.0\n"
            "stdout F ('127.211.0.5', 18083)\nstdout F sock\n");
}

TEST_F(AddressRewritingTest, ThreadsAndChildrenAreRewrittenToo) {
  const auto wanted = python(
      "def one(port):\n  s = socket.socket(); s.bind(('0.0.0.0', port)); print(s.getsockname())\n"
      "t = threading.Thread(target=one, args=(18084,)); t.start(); t.join()\n"
      "if os.fork() == 0:\n  os.setsid(); one(18085); os._exit(0)\n"
      "os.wait()\n",
      "127.211.0.6", "threads");
  run(wanted);
  EXPECT_EQ(log(wanted.id), "stdout F ('127.211.0.6', 18084)\nstdout F ('127.211.0.6', 18085)\n");
}

TEST_F(AddressRewritingTest, ManyBindsUnderSignalsAllGetTheirAnswer) {
  const auto wanted = python(
      "import signal\nsignal.signal(signal.SIGALRM, lambda *a: None)\n"
      "signal.siginterrupt(signal.SIGALRM, False)\n"  // as Go's runtime sets its handlers
      "signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)\n"
      "for n in range(500):\n"
      "  s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('0.0.0.0', 20000 + n))\n"
      "  assert s.getsockname()[0] == '127.211.0.7'; s.close()\n"
      "signal.setitimer(signal.ITIMER_REAL, 0)\nprint('done')\n",
      "127.211.0.7", "signals");
  EXPECT_EQ(run(wanted).exit_code, 0) << log(wanted.id);
  EXPECT_EQ(log(wanted.id), "stdout F done\n");
}

TEST_F(AddressRewritingTest, CanBeTurnedOff) {
  close();
  options_.rewriting = AddressRewriting::kOff;
  open();
  const auto wanted = python("s = socket.socket(); s.bind(('0.0.0.0', 18086)); print(s.getsockname()[0])\n", "127.211.0.8", "off");
  run(wanted);
  EXPECT_EQ(log(wanted.id), "stdout F 0.0.0.0\n");
}

TEST_F(AddressRewritingTest, AnotherUserMayListenOnALowPort) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
  std::filesystem::permissions(folder_, std::filesystem::perms::all);
  auto wanted = python("s = socket.socket(); s.bind(('0.0.0.0', 81)); print(s.getsockname(), os.getuid())\n", "127.211.0.9", "low");
  wanted.command[0] = "/usr/bin/python3";  // one that every user may run
  wanted.user = 12345;
  run(wanted);
  EXPECT_EQ(log(wanted.id), "stdout F ('127.211.0.9', 81) 12345\n") << "as in a container, where every port is allowed";
}

}  // namespace
}  // namespace canaria::machine

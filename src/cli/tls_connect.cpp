// A TLS handshake with a server on the network.
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <future>
#include <memory>
#include <thread>

#include "failure.hpp"
#include "openssl_errors.hpp"
#include "tls_handshake.hpp"

namespace latchkey::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kTimeLimit{10};
constexpr const char kTooLate[] = "no answer within 10 seconds";

// A server that sends more than this before the handshake is done does not speak TLS.
constexpr std::size_t kMostFromServer = std::size_t{1} << 20;

int milliseconds_until(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

struct Resolved {
  int error = 0;
  Addresses list;
};

Resolved resolve(const ServerAddress& address) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (address.is_literal ? AI_NUMERICHOST : 0);
  addrinfo* list = nullptr;
  Resolved resolved;
  resolved.error = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &list);
  resolved.list.reset(list);
  return resolved;
}

// getaddrinfo() has no time limit. A thread that is too late ends with the process.
Resolved resolve_until(const ServerAddress& address, Clock::time_point end, std::string& fault) {
  auto promise = std::make_shared<std::promise<Resolved>>();
  auto future = promise->get_future();
  std::thread([promise, address] { promise->set_value(resolve(address)); }).detach();
  if (future.wait_until(end) != std::future_status::ready) {
    fault = "cannot find the host: " + std::string(kTooLate);
    return {};
  }
  Resolved resolved = future.get();
  if (resolved.error != 0) {
    fault = "cannot find the host: " + std::string(::gai_strerror(resolved.error));
  }
  return resolved;
}

class Socket {
 public:
  explicit Socket(const addrinfo& to)
      : socket_(::socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                         to.ai_protocol)) {}
  ~Socket() {
    if (socket_ >= 0) ::close(socket_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  // Each of these returns a fault, or an empty text.
  std::string connect(const addrinfo& to, Clock::time_point end) {
    if (socket_ < 0) return std::strerror(errno);
    if (::connect(socket_, to.ai_addr, to.ai_addrlen) == 0) return {};
    if (errno != EINPROGRESS) return std::strerror(errno);
    if (!wait(POLLOUT, end)) return kTooLate;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    return error != 0 ? std::strerror(error) : "";
  }

  std::string send(const SentBytes& bytes, Clock::time_point end) {
    for (std::size_t done = 0; done < bytes.size();) {
      const auto sent = ::send(socket_, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
      if (sent > 0) {
        done += static_cast<std::size_t>(sent);
      } else if (errno != EAGAIN && errno != EINTR) {
        return "cannot send: " + std::string(std::strerror(errno));
      } else if (!wait(POLLOUT, end)) {
        return kTooLate;
      }
    }
    return {};
  }

  void end_output() { ::shutdown(socket_, SHUT_WR); }

  std::string receive(SentBytes& bytes, Clock::time_point end) {
    bytes.resize(16384);
    while (true) {
      const auto size = ::recv(socket_, bytes.data(), bytes.size(), 0);
      if (size > 0) {
        bytes.resize(static_cast<std::size_t>(size));
        return {};
      }
      bytes.resize(size == 0 ? 0 : bytes.size());
      if (size == 0) return "the server closed the connection";
      if (errno != EAGAIN && errno != EINTR) return std::strerror(errno);
      if (!wait(POLLIN, end)) return kTooLate;
    }
  }

 private:
  bool wait(short events, Clock::time_point end) {
    while (true) {
      pollfd waits{socket_, events, 0};
      const int left = milliseconds_until(end);
      const int ready = ::poll(&waits, 1, left);
      if (ready > 0) return true;
      if (left == 0 || (ready < 0 && errno != EINTR)) return false;
    }
  }

  int socket_;
};

// Says goodbye, and waits a moment for the server's: a socket that is closed with bytes unread
// resets the connection, which servers log.
void close_politely(Socket& socket, TlsSide& client) {
  const auto end = Clock::now() + std::chrono::milliseconds(500);
  client.close();
  if (!socket.send(client.take_output(), end).empty()) return;
  socket.end_output();
  SentBytes ignored;
  for (std::size_t size = 0; size < kMostFromServer; size += ignored.size()) {
    if (!socket.receive(ignored, end).empty()) return;
  }
}

// Takes the sides' bytes to and fro. `sent_by_server` has the server's, whatever comes of it.
std::string shake_hands(Socket& socket, TlsSide& client, SentBytes& sent_by_server,
                        Clock::time_point end) {
  while (true) {
    const auto state = client.step();
    std::string fault = state == TlsSide::State::failed ? take_openssl_errors() : "";
    const std::string fault_of_send = socket.send(client.take_output(), end);
    if (fault.empty()) fault = fault_of_send;
    if (!fault.empty()) return fault;
    if (state == TlsSide::State::done) {
      close_politely(socket, client);
      return {};
    }
    SentBytes bytes;
    fault = socket.receive(bytes, end);
    if (!fault.empty()) return fault;
    sent_by_server.insert(sent_by_server.end(), bytes.begin(), bytes.end());
    if (sent_by_server.size() > kMostFromServer) {
      return "the server sent more than 1 MiB before the handshake ended";
    }
    client.add_input(bytes);
  }
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, port);
  return error == std::errc() && read == end && port >= 1 && port <= 65535;
}

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw Failure("option '--connect' needs HOST:PORT, and '" + std::string(text) + "' " + why,
                Failure::kUsage);
}

}  // namespace

ServerAddress parse_server_address(std::string_view text) {
  constexpr std::size_t kMostOfHost = 253;  // of a name in DNS
  const auto colon = text.rfind(':');
  const bool has_brackets = text.starts_with('[');
  if (colon == text.npos || (has_brackets && colon < text.find(']'))) refuse(text, "has no port");
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (has_brackets) {
    if (host.size() < 3 || host.back() != ']') refuse(text, "is not [ADDRESS]:PORT");
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    refuse(text, "has an IPv6 address without brackets: write [ADDRESS]:PORT");
  }
  if (host.empty()) refuse(text, "has no host");
  if (host.size() > kMostOfHost) refuse(text, "has a host of more than 253 bytes");
  const auto is_odd = [](char c) { return c <= ' ' || c == '/' || c == 0x7f; };
  if (std::ranges::any_of(host, is_odd)) refuse(text, "is not a name or an address of a host");
  if (!is_port(port)) refuse(text, "has no port from 1 to 65535");
  ServerAddress address{std::string(host), std::string(port), has_brackets};
  const bool has_letters = host.find_first_not_of("0123456789.") != host.npos;
  address.is_literal = has_brackets || !has_letters;
  return address;
}

Handshake handshake_with(SSL_CTX& context, const ServerAddress& address) {
  const auto end = Clock::now() + kTimeLimit;
  Handshake handshake;
  const Resolved resolved = resolve_until(address, end, handshake.fault);
  std::size_t left = 0;
  for (const addrinfo* to = resolved.list.get(); to != nullptr; to = to->ai_next) ++left;
  for (const addrinfo* to = resolved.list.get(); to != nullptr; to = to->ai_next, --left) {
    // Each address that is left gets an equal share of the time that is left.
    const auto now = Clock::now();
    Socket socket(*to);
    const auto share = (end - now) / static_cast<std::int64_t>(left);
    handshake.fault = socket.connect(*to, now + share);
    if (!handshake.fault.empty()) {
      handshake.fault = "cannot connect: " + handshake.fault;
      continue;
    }
    TlsSide client(context, false);
    if (!address.is_literal && !client.set_server_name(address.host)) {
      handshake.fault = take_openssl_errors();
      return handshake;
    }
    SentBytes sent_by_server;
    handshake.fault = shake_hands(socket, client, sent_by_server, end);
    handshake.answer = read_server_answer_vartime(sent_by_server);
    return handshake;
  }
  return handshake;
}

}  // namespace latchkey::cli

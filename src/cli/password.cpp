#include "password.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "failure.hpp"
#include "input.hpp"
#include "signals.hpp"

namespace latchkey::cli {
namespace {

constexpr std::size_t kMost = 1'024;  // bytes

volatile sig_atomic_t caught = 0;  // the signal that came while a terminal was silent

void catch_signal(int signal) { caught = signal; }

// The terminal shows nothing that is typed while this lives. A signal that ends the program does so
// afterwards: else the terminal would stay as it is.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal, &before_) != 0) fail_by_errno();
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ICANON | ISIG | ECHONL;
    quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
    if (::tcsetattr(terminal, TCSAFLUSH, &quiet) != 0) fail_by_errno();
    caught = 0;
    struct sigaction action {};
    action.sa_handler = catch_signal;
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) {
      ::sigaction(kEndingSignals[i], nullptr, &actions_[i]);
      if (actions_[i].sa_handler != SIG_IGN) ::sigaction(kEndingSignals[i], &action, nullptr);
    }
  }
  ~Silence() {
    if (caught != 0) ::dprintf(terminal_, "\n");
    ::tcsetattr(terminal_, TCSAFLUSH, &before_);
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i) {
      ::sigaction(kEndingSignals[i], &actions_[i], nullptr);
    }
    if (caught != 0) ::raise(caught);  // arrives when the signals are no longer held
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

  // Until there is something to read.
  void wait() const {
    pollfd terminal{.fd = terminal_, .events = POLLIN, .revents = 0};
    while (::ppoll(&terminal, 1, nullptr, &held_.before()) < 0 && errno == EINTR && caught == 0) {
    }
    if (caught != 0) throw Failure("interrupted");
  }

 private:
  [[noreturn]] static void fail_by_errno() {
    throw Failure(std::string("cannot hide what is typed: ") + std::strerror(errno));
  }

  HeldSignals held_;  // until after all else
  int terminal_;
  termios before_{};
  std::array<struct sigaction, kEndingSignals.size()> actions_{};
};

// One line, without its end, byte by byte: what is behind it is left to others.
LockedBuffer read_line(int descriptor, const std::string& name, const Silence* silence = nullptr) {
  constexpr std::size_t kLongestEnd = 2;  // CR LF
  auto line = value_of(LockedBuffer::create(kMost + kLongestEnd), "no memory for a password");
  std::size_t size = 0;
  const auto done = line.write([&](std::span<std::uint8_t> to) {
    for (;; ++size) {
      if (size == to.size()) throw Failure("the password is too long");
      if (silence != nullptr) silence->wait();
      const ssize_t got = ::read(descriptor, &to[size], 1);
      if (got < 0 && errno == EINTR) {
        --size;
        continue;
      }
      if (got < 0)
        throw Failure("cannot read the password from " + name + ": " + std::strerror(errno));
      if (got == 0 || to[size] == '\n') break;
    }
    if (size > 0 && to[size - 1] == '\r') --size;
    if (size > kMost) throw Failure("the password is too long");
  });
  if (!done) fail("cannot read the password", done.error());
  if (size == 0) throw Failure("the password is empty");
  return value_of(line.read([&](std::span<const std::uint8_t> bytes) {
    return LockedBuffer::copy_of(bytes.first(size));
  }),
                  "no memory for a password");
}

LockedBuffer ask(int terminal, const std::string& question) {
  const Silence silence(terminal);
  const std::string text = question + ": ";
  if (::write(terminal, text.data(), text.size()) < 0) {
    throw Failure(std::string("cannot ask for the password: ") + std::strerror(errno));
  }
  return read_line(terminal, "the terminal", &silence);
}

}  // namespace

LockedBuffer read_password(const PasswordSource& source, const std::string& what, bool is_new) {
  if (source.descriptor >= 0) {
    return read_line(source.descriptor, "descriptor " + std::to_string(source.descriptor));
  }
  if (source.file == "-") return read_line(STDIN_FILENO, quoted(source.file));
  if (!source.file.empty()) {
    const File file(::open(source.file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (file.descriptor() < 0) {
      throw Failure("cannot open " + quoted(source.file) + ": " + std::strerror(errno));
    }
    struct stat status;
    if (::fstat(file.descriptor(), &status) == 0 && S_ISREG(status.st_mode) &&
        (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      throw Failure(open_to_others(source.file));
    }
    return read_line(file.descriptor(), quoted(source.file));
  }
  const File terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (terminal.descriptor() < 0) {
    throw Failure("the password of " + what +
                  " is needed, and there is no terminal to ask for it: use --password-file");
  }
  auto password = ask(terminal.descriptor(), "Password of " + what);
  if (is_new) {
    const auto again = ask(terminal.descriptor(), "The same again");
    const auto same = password.equals(again);
    if (!same && same.error() == Error::not_equal) {
      throw Failure("the passwords are not the same");
    }
    value_of(same, "cannot compare the passwords");
  }
  return password;
}

}  // namespace latchkey::cli

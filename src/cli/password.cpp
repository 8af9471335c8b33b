#include "password.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "failure.hpp"
#include "input.hpp"

namespace latchkey::cli {
namespace {

constexpr std::size_t kMost = 1'024;  // bytes

// The terminal shows nothing that is typed while this lives. Signals wait: a program that is ended
// in between would leave the terminal so.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    sigset_t wait;
    sigemptyset(&wait);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP}) sigaddset(&wait, signal);
    ::sigprocmask(SIG_BLOCK, &wait, &signals_);
    if (::tcgetattr(terminal, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    quiet.c_lflag |= ICANON | ECHONL;
    changed_ = ::tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
  }
  ~Silence() {
    if (changed_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
    ::sigprocmask(SIG_SETMASK, &signals_, nullptr);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  int terminal_;
  bool changed_ = false;
  termios before_{};
  sigset_t signals_{};
};

constexpr char kInterrupt = 3;  // Ctrl-C, which is a character while signals are off

// One line, without its end, byte by byte: what is behind it is left to others.
LockedBuffer read_line(int descriptor, const std::string& name) {
  auto line = value_of(LockedBuffer::create(kMost), "no memory for a password");
  std::size_t size = 0;
  const auto done = line.write([&](std::span<std::uint8_t> to) {
    for (;; ++size) {
      if (size == to.size()) throw Failure("the password is too long");
      const ssize_t got = ::read(descriptor, &to[size], 1);
      if (got < 0 && errno == EINTR) {
        --size;
        continue;
      }
      if (got < 0)
        throw Failure("cannot read the password from " + name + ": " + std::strerror(errno));
      if (got == 0 || to[size] == '\n') break;
      if (to[size] == kInterrupt) throw Failure("interrupted");
    }
    if (size > 0 && to[size - 1] == '\r') --size;
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
  return read_line(terminal, "the terminal");
}

}  // namespace

LockedBuffer read_password(const PasswordSource& source, const std::string& what, bool is_new) {
  if (source.descriptor >= 0) {
    return read_line(source.descriptor, "descriptor " + std::to_string(source.descriptor));
  }
  if (!source.file.empty()) {
    const File file(::open(source.file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (file.descriptor() < 0) {
      throw Failure("cannot open " + quoted(source.file) + ": " + std::strerror(errno));
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
    if (!value_of(password.equals(again), "cannot compare the passwords")) {
      throw Failure("the passwords are not the same");
    }
  }
  return password;
}

}  // namespace latchkey::cli

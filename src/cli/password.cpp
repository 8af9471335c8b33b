#include "password.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "failure.hpp"
#include "hardening.hpp"
#include "input.hpp"
#include "signals.hpp"

namespace latchkey::cli {
namespace {

constexpr std::size_t kMost = 1'024;  // bytes

volatile sig_atomic_t caught = 0;  // a signal that came while the terminal was silent

// One that ends the process is not forgotten for another.
void catch_signal(int signal) {
  if (caught == 0 || !ends_process(caught)) caught = signal;
}

// Asks for a password on a terminal, without echo while this object lives. Signals are held back
// except while the process waits for input. Before a signal ends or stops the process, the terminal
// gets its old settings back. When the process continues, echo is turned off and the question is
// asked again, because a shell changes the terminal's settings while a process of it is stopped.
class Question {
 public:
  Question(int terminal, std::string text) : terminal_(terminal), text_(std::move(text)) {
    if (::tcgetattr(terminal, &before_) != 0) fail_to("hide what is typed");
    for_each_caught_signal([&](int signal) {
      struct sigaction action {};
      action.sa_handler = catch_signal;
      ::sigaction(signal, nullptr, &actions_[static_cast<std::size_t>(signal)]);
      if (actions_[static_cast<std::size_t>(signal)].sa_handler != SIG_IGN)
        ::sigaction(signal, &action, nullptr);
    });
    caught = 0;
    try {
      ask();
    } catch (...) {
      restore();
      throw;
    }
  }
  ~Question() { restore(); }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;

  // Waits until there is something to read. Returns whether the question was asked again: what was
  // typed before is lost. Throws a Failure for a signal that ends the process.
  [[nodiscard]] bool wait() {
    pollfd terminal{.fd = terminal_, .events = POLLIN, .revents = 0};
    while (caught == 0) {
      if (::ppoll(&terminal, 1, nullptr, &held_.before()) >= 0 || errno != EINTR) return false;
    }
    const int signal = std::exchange(caught, 0);
    if (signal == SIGTSTP) {
      stop();
    } else if (signal != SIGCONT) {
      ending_ = signal;
      throw Failure("interrupted");
    }
    ask();
    return true;
  }

 private:
  // Silences the terminal, discards what was typed, and writes the question.
  void ask() const {
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ICANON | ISIG | ECHONL;
    set(quiet);
    if (::write(terminal_, text_.data(), text_.size()) < 0) fail_to("ask for the password");
  }

  // A signal does not leave the terminal as it was. In the background, this stops the process.
  void set(const termios& state) const {
    while (::tcsetattr(terminal_, TCSAFLUSH, &state) != 0) {
      if (errno != EINTR) fail_to("hide what is typed");
    }
  }

  // As SIGTSTP does where nobody handles it.
  void stop() {
    ::dprintf(terminal_, "\n");
    set(before_);
    struct sigaction catching {};
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    ::sigaction(SIGTSTP, &action, &catching);
    ::raise(SIGTSTP);
    sigset_t mask;
    ::sigemptyset(&mask);
    ::sigaddset(&mask, SIGTSTP);
    ::sigprocmask(SIG_UNBLOCK, &mask, nullptr);  // here it stops
    ::sigprocmask(SIG_BLOCK, &mask, nullptr);
    ::sigemptyset(&mask);
    ::sigaddset(&mask, SIGCONT);
    const timespec no_time{};
    ::sigtimedwait(&mask, nullptr, &no_time);  // or the question would be asked twice
    ::sigaction(SIGTSTP, &catching, nullptr);
  }

  void restore() noexcept {
    if (ending_ != 0) ::dprintf(terminal_, "\n");
    ::tcsetattr(terminal_, TCSAFLUSH, &before_);
    for_each_caught_signal([&](int signal) {
      ::sigaction(signal, &actions_[static_cast<std::size_t>(signal)], nullptr);
    });
    if (ending_ != 0) ::raise(ending_);  // arrives when the signals are no longer held
  }

  template <class Use>
  static void for_each_caught_signal(Use use) {
    for_each_ending_signal([&](int signal) {
      if (!is_fault(signal)) use(signal);
    });
    use(SIGTSTP);
    use(SIGCONT);
  }

  [[noreturn]] static void fail_to(const char* what) {
    fail_by_errno(std::string("cannot ") + what);
  }

  HeldSignals held_;  // released after all else
  int terminal_;
  std::string text_;
  termios before_{};
  std::array<struct sigaction, NSIG> actions_{};
  int ending_ = 0;
};

// One line, without its end. From a terminal, as much as was typed; otherwise byte by byte, since
// what follows the line is for others.
LockedBuffer read_line(int descriptor, const std::string& name, Question* question = nullptr) {
  constexpr std::size_t kLongestEnd = 2;  // CR LF
  auto line = value_of(LockedBuffer::create(kMost + kLongestEnd), "cannot keep a password");
  std::size_t size = 0;
  const auto done = line.write([&](std::span<std::uint8_t> to) {
    while (true) {
      if (size == to.size()) throw Failure("the password has more than 1024 bytes");
      while (question != nullptr && question->wait()) size = 0;
      const std::size_t most = question != nullptr ? to.size() - size : 1;
      const ssize_t got = ::read(descriptor, &to[size], most);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) fail_by_errno("cannot read the password from " + name);
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
      if (to[size - 1] == '\n') {
        --size;
        break;
      }
    }
    if (size > 0 && to[size - 1] == '\r') --size;
    if (size > kMost) throw Failure("the password has more than 1024 bytes");
  });
  if (!done) fail("cannot read the password", done.error());
  if (size == 0) throw Failure("the password is empty");
  return value_of(line.read([&](std::span<const std::uint8_t> bytes) {
    return LockedBuffer::copy_of(bytes.first(size));
  }),
                  "cannot keep a password");
}

LockedBuffer ask(int terminal, const std::string& question) {
  Question asked(terminal, question + ": ");
  return read_line(terminal, "the terminal", &asked);
}

// What a path or a descriptor stands for.
bool look_at(const std::string& path, int descriptor, struct stat& status) {
  if (descriptor < 0) return ::stat(path.c_str(), &status) == 0;
  return ::fstat(descriptor, &status) == 0;
}

int descriptor_of(const std::string& path) { return is_standard(path) ? STDIN_FILENO : -1; }

// A file that is opened by its name begins anew, and shares nothing.
bool shares_stream(const PasswordSource& source, const std::string& path) {
  if (!source.is_given()) return false;
  const int from = source.descriptor >= 0 ? source.descriptor : descriptor_of(source.file);
  const int rest = descriptor_of(path);
  struct stat one, other;
  if (!look_at(source.file, from, one) || !look_at(path, rest, other)) return false;
  const bool is_same = one.st_dev == other.st_dev && one.st_ino == other.st_ino;
  return is_same && (!S_ISREG(one.st_mode) || (from >= 0 && rest >= 0));
}

}  // namespace

PasswordSource read_ahead(const PasswordSource& source, const std::string& path) {
  PasswordSource ready = source;
  if (!source.ahead && shares_stream(source, path)) {
    ready.ahead = std::make_shared<const LockedBuffer>(read_password(source, quoted(path), false));
  }
  return ready;
}

LockedBuffer read_password(const PasswordSource& source, const std::string& what, bool is_new) {
  require_hardened();
  if (source.ahead) {
    return value_of(source.ahead->read([](std::span<const std::uint8_t> bytes) {
      return LockedBuffer::copy_of(bytes);
    }),
                    "cannot keep a password");
  }
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
    if (::fstat(file.descriptor(), &status) != 0) {
      fail_by_errno("cannot open " + quoted(source.file));
    }
    require_private(source.file, exposure_of(status));
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

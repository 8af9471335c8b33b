// Forks beside threads that make secrets: what the children get of pages that are not hidden yet,
// and who waits for whom.

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "memory/process.hpp"
#include "memory/support.hpp"
#include "memory/system.hpp"

namespace latchkey::test {
namespace {

// What a mapping of memfd_secret(2), and a descriptor of one, are called in /proc.
constexpr std::string_view kSecretFile = "secretmem";

// What this process has of secrets that it could see its parent write: mappings and descriptors.
// For a child of a process with many threads: no heap.
int count_secret_files() {
  static char maps[1 << 20];
  int count = 0;
  const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  std::size_t size = 0;
  for (ssize_t got; (got = read(file, maps + size, sizeof maps - size)) > 0;) {
    size += static_cast<std::size_t>(got);
  }
  close(file);
  for (std::string_view left(maps, size); !left.empty();) {
    const std::size_t end = std::min(left.find('\n'), left.size() - 1);
    count += left.substr(0, end).find(kSecretFile) != left.npos;
    left.remove_prefix(end + 1);
  }
  for (int fd = 0; fd < 64; ++fd) {
    char name[64], target[256];
    std::snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(name, target, sizeof target);
    if (length <= 0) continue;
    const std::string_view found(target, static_cast<std::size_t>(length));
    count += found.find(kSecretFile) != found.npos;
  }
  return std::min(count, 100);
}

// Kills this process if it lives that long, as when it waits for itself with all signals blocked.
void end_after(unsigned seconds) {
  const pid_t watched = getpid();
  if (fork() != 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close(STDERR_FILENO);
  sleep(seconds);
  kill(watched, SIGKILL);
  _exit(0);
}

int exit_status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

bool there_are_secret_files() {
  const auto secret = need(LockedBuffer::create(5000));
  return count_secret_files() > 0;
}

// Makes and drops secrets with pages of their own, and keys, in another thread.
class Growing {
 public:
  Growing()
      : thread_([this] {
          while (!done_) {
            std::vector<LockedBuffer> many;
            for (int i = 0; i < 8 && !done_; ++i) {
              many.push_back(LockedBuffer::random(5000).value());
            }
          }
        }) {}
  ~Growing() {
    done_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> done_{false};
  std::thread thread_;
};

int children_with_secrets(int forks) {
  int found = 0;
  for (int i = 0; i < forks; ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(count_secret_files());
    found += exit_status_of(child) != 0;
  }
  return found;
}

TEST_CASE("No child sees pages that its parent has not hidden from children yet") {
  if (!there_are_secret_files()) return;
  // Long between the mapping and the hiding of its pages.
  const Interposed slowly([](Call call, long advice) {
    if (call == Call::madvise && advice == MADV_DONTDUMP) usleep(300);
    return false;
  });
  const Growing growing;
  REQUIRE(children_with_secrets(200) == 0);
}

TEST_CASE("Children forked beside a thread that makes inheritable buffers have theirs, and end") {
  const Bytes content(100, 0x5a);
  auto parcel = need(LockedBuffer::inheritable(content.size()));
  REQUIRE(parcel.write([&](auto to) { std::ranges::copy(content, to.begin()); }));
  const Interposed slowly([](Call call, long advice) {
    if (call == Call::madvise && advice == MADV_DONTDUMP) usleep(100);
    return false;
  });
  std::atomic<bool> done{false};
  std::thread other([&] {
    while (!done) {
      std::vector<LockedBuffer> many;
      for (int i = 0; i < 8; ++i) many.push_back(LockedBuffer::inheritable(5000).value());
    }
  });
  int wrong = 0;
  for (int i = 0; i < 200; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      if (!parcel.is_locked() || !parcel.equals(content)) _exit(1);
      purge();  // of all that the parent had at that moment
      const auto gone = parcel.read([](View) {});
      _exit(!gone && gone.error() == Error::purged ? 0 : 2);
    }
    wrong += exit_status_of(child) != 0;
  }
  done = true;
  other.join();
  REQUIRE(wrong == 0);
  REQUIRE(copy_of(parcel) == content);
}

// LATCHKEY_TEST_FORKS=100000 memory-tests '[.forks]'
TEST_CASE("No child of a given number of forks sees pages that are not hidden yet", "[.forks]") {
  const char* const asked = std::getenv("LATCHKEY_TEST_FORKS");
  if (asked == nullptr || !there_are_secret_files()) return;
  const Growing growing;
  const int found = children_with_secrets(std::atoi(asked));
  std::printf("%s forks: %d children with secrets of their parent\n", asked, found);
  REQUIRE(found == 0);
}

TEST_CASE("A signal handler that forks does not wait for its own thread") {
  const Ending ending = in_child([] {
    static std::atomic<int> forked{0};
    signal(SIGUSR1, [](int) { forked += exit_status_of(fork()) == 42; });
    const pid_t parent = getpid();
    pthread_atfork(nullptr, nullptr, [] { _exit(42); });
    end_after(20);
    const Interposed between([&](Call call, long) {
      if (call == Call::madvise && getpid() == parent) raise(SIGUSR1);
      return false;
    });
    for (int i = 0; i < 3; ++i) {
      if (!LockedBuffer::create(5000)) return 1;
    }
    return forked >= 3 ? 0 : 2;
  });
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

TEST_CASE("Handlers of others may make and free secrets while a thread forks", "[.first]") {
  const Ending ending = in_child([] {
    static LockedBuffer large;
    static int ran = 0;
    const auto work = [] {
      large = LockedBuffer::random(5000).value();
      ++ran;
    };
    end_after(20);
    // Before ours, which means behind them where they prepare, and before them afterwards.
    if (pthread_atfork(work, work, work) != 0) return 1;
    work();
    const pid_t child = fork();
    if (child == 0) {
      if (ran != 3 || !large.read([](View) {})) _exit(2);
      // The child's mutex is free, and its signals are as they were.
      std::thread([] { large = LockedBuffer::random(6000).value(); }).join();
      sigset_t blocked;
      pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
      _exit(sigismember(&blocked, SIGTERM) == 0 && fork() >= 0 ? 0 : 3);
    }
    const int status = exit_status_of(child);
    if (status != 0) return status;
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
    return ran == 3 && sigismember(&blocked, SIGTERM) == 0 && large.read([](View) {}) ? 0 : 4;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

TEST_CASE("Handlers that two threads register at once work as if registered once", "[.first]") {
  const Ending ending = in_child([] {
    LockedBuffer other;
    end_after(20);
    {
      const auto refuses =
          before_the_first(Call::pthread_atfork, [&] { other = LockedBuffer::random(32).value(); });
      const Interposed twice(refuses);
      if (!LockedBuffer::create(32)) return 1;
    }
    for (int i = 0; i < 3; ++i) {
      const pid_t child = fork();
      if (child == 0) _exit(LockedBuffer::create(5000) ? 42 : 2);
      if (exit_status_of(child) != 42) return 3;
      if (!LockedBuffer::create(5000) || !other.read([](View) {})) return 4;
    }
    return 0;
  });
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

TEST_CASE("A free mutex is all zeros, like a page that the kernel zeroed") {
  const pthread_mutex_t initial = PTHREAD_MUTEX_INITIALIZER;
  const Bytes zeros(sizeof initial);
  REQUIRE(std::memcmp(&initial, zeros.data(), zeros.size()) == 0);
}

}  // namespace
}  // namespace latchkey::test

// Forks beside threads that make secrets: what the children see of pages that are not hidden yet,
// and who waits for whom.

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>

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

// Calls f(begin, end) for each mapping of one that this process has. For a child of a process with
// many threads: no heap.
template <class F>
void for_secret_mappings(F f) {
  static char maps[1 << 20];
  const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  std::size_t size = 0;
  for (ssize_t got; (got = read(file, maps + size, sizeof maps - 1 - size)) > 0;) {
    size += static_cast<std::size_t>(got);
  }
  close(file);
  for (std::string_view left(maps, size); !left.empty();) {
    const std::string_view line = left.substr(0, std::min(left.find('\n'), left.size() - 1) + 1);
    left.remove_prefix(line.size());
    if (line.find(kSecretFile) == line.npos) continue;
    char* after = nullptr;
    const auto begin = std::strtoull(line.data(), &after, 16);
    const auto end = std::strtoull(after + 1, nullptr, 16);
    f(reinterpret_cast<const std::uint8_t*>(begin), reinterpret_cast<const std::uint8_t*>(end));
  }
}

int count_secret_mappings() {
  int count = 0;
  for_secret_mappings([&](auto, auto) { ++count; });
  return count;
}

void map_secret_descriptors() {
  for (int fd = 0; fd < 64; ++fd) {
    char name[64], target[256];
    std::snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    const ssize_t length = readlink(name, target, sizeof target);
    if (length <= 0) continue;
    const std::string_view found(target, static_cast<std::size_t>(length));
    if (found.find(kSecretFile) == found.npos) continue;
    struct stat file;
    if (fstat(fd, &file) != 0 || file.st_size == 0) continue;
    mmap(nullptr, static_cast<std::size_t>(file.st_size), PROT_READ, MAP_SHARED, fd, 0);
  }
}

// Whether this child sees what its parent writes to secrets, by a mapping or a descriptor that it
// has of them. The parent gets time to write.
bool sees_secrets_of_parent() {
  map_secret_descriptors();
  usleep(5000);
  bool found = false;
  for_secret_mappings([&](const std::uint8_t* begin, const std::uint8_t* end) {
    found = found || std::any_of(begin, end, [](std::uint8_t byte) { return byte != 0; });
  });
  return found;
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
  return count_secret_mappings() > 0;
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
    if (child == 0) _exit(sees_secrets_of_parent());
    found += exit_status_of(child) != 0;
  }
  return found;
}

TEST_CASE("No child sees secrets on pages that were not hidden from children when it was made") {
  if (!there_are_secret_files()) return;
  // Long between the mapping and the hiding of its pages.
  const Interposed slowly([](Call call, long advice) {
    if (call == Call::madvise && advice == MADV_DONTDUMP) usleep(300);
    return false;
  });
  const Growing growing;
  REQUIRE(children_with_secrets(200) == 0);
}

// LATCHKEY_TEST_FORKS=100000 memory-tests '[.forks]'
TEST_CASE("No child of a given number of forks sees secrets of its parent", "[.forks]") {
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

// A program whose handlers lock what its threads hold while they make secrets.
struct ProgramWithMutex {
  static inline pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static inline std::atomic<bool> preparing{false};

  static bool register_handlers() {
    const auto prepare = [] {
      preparing = true;
      pthread_mutex_lock(&mutex);
    };
    const auto unlock = [] { pthread_mutex_unlock(&mutex); };
    return pthread_atfork(prepare, unlock, unlock) == 0;
  }

  // Makes secrets while another thread's fork() waits for the mutex. The child ends with 0 if it
  // sees none.
  static int fork_beside(std::vector<LockedBuffer>& made) {
    pthread_mutex_lock(&mutex);
    int status = -1;
    std::thread forks([&] {
      const pid_t child = fork();
      if (child == 0) _exit(sees_secrets_of_parent());
      status = exit_status_of(child);
    });
    while (!preparing) usleep(1000);
    for (int i = 0; i < 40; ++i) made.push_back(LockedBuffer::random(5000).value());
    pthread_mutex_unlock(&mutex);
    forks.join();
    return status;
  }
};

TEST_CASE("Handlers of others may lock a mutex under which other threads make secrets",
          "[.first]") {
  const Ending ending = in_child([] {
    end_after(10);  // 40 times the time for which a fork() is waited for
    // Before ours, which means behind them where they prepare.
    if (!ProgramWithMutex::register_handlers()) return 1;
    const int one = there_are_secret_files();  // whether a secret is one
    const int before = count_secret_mappings();
    std::vector<LockedBuffer> made;
    if (ProgramWithMutex::fork_beside(made) != 0) return 2;
    for (const LockedBuffer& buffer : made) {
      if (!buffer.is_locked() || !buffer.read([](View) {})) return 3;
    }
    if (count_secret_mappings() != before) return 4;  // that child could have seen them
    const auto later = LockedBuffer::create(5000).value();
    return count_secret_mappings() == before + one ? 0 : 5;
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

// `latchkey speed`: how fast this machine is, by each backend that it can use.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "backends.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "json.hpp"
#include "latchkey/kem.hpp"

namespace latchkey::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kTimedRuns = 400;

// Of the clock that counts while the core's own may change; 0 where there is none.
std::uint64_t ticks() {
#ifdef __x86_64__
  return __builtin_ia32_rdtsc();
#else
  return 0;
#endif
}

struct Row {
  std::string operation;
  double nanoseconds = 0, cycles = 0;
};

// Medians.
template <class Run>
Row measure(const char* operation, Run run) {
  std::vector<double> times(kTimedRuns), cycles(kTimedRuns);
  for (std::size_t i = 0; i < kTimedRuns; ++i) {
    const auto start = Clock::now();
    const auto first = ticks();
    run();
    cycles[i] = static_cast<double>(ticks() - first);
    times[i] = std::chrono::duration<double, std::nano>(Clock::now() - start).count();
  }
  const auto median = [](std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(kTimedRuns / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  };
  return {operation, median(times), median(cycles)};
}

template <Kem K>
void measure_kem(std::vector<Row>& rows) {
  constexpr const char* kWhat = "cannot measure";
  const auto key = value_of(K::DecapsulationKey::generate(), kWhat);
  const auto sent = value_of(key.encapsulation_key().encapsulate(), kWhat);
  const std::string name = K::kName;
  rows.push_back(measure((name + " generate").c_str(),
                         [&] { value_of(K::DecapsulationKey::generate(), kWhat); }));
  rows.push_back(measure((name + " parse").c_str(), [&] {
    value_of(K::EncapsulationKey::parse(key.encapsulation_key().bytes()), kWhat);
  }));
  rows.push_back(measure((name + " encapsulate").c_str(),
                         [&] { value_of(key.encapsulation_key().encapsulate(), kWhat); }));
  rows.push_back(measure((name + " decapsulate").c_str(),
                         [&] { value_of(key.decapsulate(sent.ciphertext), kWhat); }));
}

std::vector<Row> measure_all() {
  std::vector<Row> rows;
  measure_kem<MlKem512>(rows);
  measure_kem<MlKem768>(rows);
  measure_kem<MlKem1024>(rows);
  measure_kem<XWing>(rows);
  return rows;
}

// The backend of a process is chosen once, so each has a process of its own: this program again,
// with --only-this-backend, whose output is ours.
void run_with(const char* backend, bool json) {
  ::setenv("LATCHKEY_BACKEND", backend, 1);  // this process has chosen already
  std::string words[] = {"latchkey", "speed", "--only-this-backend", "--json"};
  char* const arguments[] = {words[0].data(), words[1].data(), words[2].data(),
                             json ? words[3].data() : nullptr, nullptr};
  pid_t child;
  const int why = ::posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, arguments, environ);
  if (why != 0) throw Failure(std::string("cannot start a process: ") + std::strerror(why));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE) {  // nobody reads on: nor do we write
    ::signal(SIGPIPE, SIG_DFL);
    ::raise(SIGPIPE);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) != 0) throw Failure("");  // it has said why
  if (status != 0) {
    throw Failure(std::string("cannot measure the backend ") + backend +
                  ": its process was terminated");
  }
}

void print(const std::vector<Row>& rows, bool json) {
  for (const Row& row : rows) {
    const double rate = 1e9 / row.nanoseconds;
    if (json) {
      JsonObject object;
      char number[32];
      const auto add = [&](const char* name, double value) {
        std::snprintf(number, sizeof number, "%.0f", value);
        object.add_raw(name, number);
      };
      object.add("backend", std::string(backend_name()));
      object.add("operation", row.operation);
      add("nanoseconds", row.nanoseconds);
      if (row.cycles > 0) add("cycles", row.cycles);
      add("per_second", rate);
      std::printf("%s\n", object.text().c_str());
    } else {
      std::printf("%-8s %-24s %10.0f %10.0f %12.0f\n", backend_name(), row.operation.c_str(),
                  row.nanoseconds, row.cycles, rate);
    }
  }
}

}  // namespace

void speed(const Options& options) {
  if (options.only_this_backend) {
    print(measure_all(), options.json);
    return;
  }
  if (!options.json) {
    std::printf("%-8s %-24s %10s %10s %12s\n", "backend", "operation", "ns", "cycles",
                "per second");
  }
  flush_output();
  // The best that there is, and those below it.
  const std::string best = backend_name();
  const auto* const first = std::ranges::find(kBackends, best);
  for (auto* backend = first; backend != kBackends.end(); ++backend) {
    run_with(*backend, options.json);
  }
}

}  // namespace latchkey::cli

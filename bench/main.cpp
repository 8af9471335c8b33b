// latchkey-bench: measures every backend that runs here, and other libraries beside them.
//
// Exits with 0 if it measured, 1 if it could not, 2 if it was called wrongly.
#include <benchmark/benchmark.h>
#include <openssl/crypto.h>
#include <sys/utsname.h>

#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "candidates.hpp"
#include "peer.hpp"

namespace latchkey::bench {
namespace {

constexpr const char* kUsage =
    "usage: latchkey-bench [--peer NAME=FILE.so]... [--benchmark_OPTION=VALUE]...\n"
    "\n"
    "  --peer NAME=FILE.so   measures another library too; bench/README.md says what it must have\n"
    "\n"
    "OpenSSL, libsodium, liboqs and Botan, if new enough when this was built, are measured too.\n"
    "\n"
    "Defaults: --benchmark_repetitions=200 --benchmark_min_time=0.0003\n"
    "          --benchmark_enable_random_interleaving=true\n"
    "          --benchmark_display_aggregates_only=true\n"
    "\n"
    "Google Benchmark's own options:\n\n";

// The many short repetitions in random order are what README.md asks for.
std::vector<std::string> defaults() {
  return {"--benchmark_repetitions=200", "--benchmark_min_time=0.0003",
          "--benchmark_enable_random_interleaving=true",
          "--benchmark_display_aggregates_only=true"};
}

struct Arguments {
  std::vector<std::string> peers;
  std::vector<std::string> others;  // Google Benchmark's
  bool help = false;
};

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  constexpr std::string_view kPeer = "--peer";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == kPeer) {
      if (++i == argc) throw std::invalid_argument("--peer: expected NAME=FILE.so after it");
      arguments.peers.emplace_back(argv[i]);
    } else if (argument.starts_with("--peer=")) {
      arguments.peers.emplace_back(argument.substr(kPeer.size() + 1));
    } else {
      arguments.others.emplace_back(argument);
      arguments.help |= argument == "--help";
    }
  }
  return arguments;
}

// Takes what it knows; anything left is a mistake. It keeps the pointer to the program's name.
void initialise_benchmark(char* program, const std::vector<std::string>& given) {
  std::vector<std::string> all = defaults();
  all.insert(all.end(), given.begin(), given.end());
  std::vector<char*> argv = {program};
  for (auto& argument : all) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  argv.push_back(nullptr);
  benchmark::Initialize(&argc, argv.data());
  if (argc > 1) throw std::invalid_argument(std::string("unknown argument '") + argv[1] + "'");
}

std::string cpu_model() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

// What a reader of the figures wants to know; bench/report.py shows it.
void add_context() {
#if defined(__clang__)
  benchmark::AddCustomContext("compiler", "clang " __clang_version__);
#else
  benchmark::AddCustomContext("compiler", "gcc " __VERSION__);
#endif
  benchmark::AddCustomContext("flags", LATCHKEY_BENCH_FLAGS);
  benchmark::AddCustomContext("version", LATCHKEY_VERSION);
  benchmark::AddCustomContext("cpu", cpu_model());
  benchmark::AddCustomContext("libcrypto", OpenSSL_version(OPENSSL_VERSION));
  utsname system{};
  if (uname(&system) == 0) {
    benchmark::AddCustomContext("kernel", std::string(system.sysname) + " " + system.release);
  }
}

// One that gives wrong answers, or has been built without ML-KEM, must not stop the others.
void add_system_peers() {
  std::string measured, left_out;
  for (const auto make : system_peers()) {
    try {
      const Peer peer = make();
      add_peer(peer);
      measured += (measured.empty() ? "" : "; ") + peer.version;
    } catch (const std::exception& why) {
      left_out += (left_out.empty() ? "" : "; ") + std::string(why.what());
    }
  }
  if (!measured.empty()) benchmark::AddCustomContext("system_peers", measured);
  if (!left_out.empty()) {
    benchmark::AddCustomContext("left_out", left_out);
    std::cerr << "latchkey-bench: left out: " << left_out << "\n";
  }
}

void add_given_peers(const std::vector<std::string>& arguments) {
  std::string versions;
  for (const auto& argument : arguments) {
    const Peer peer = load_peer(argument);
    add_peer(peer);
    versions += (versions.empty() ? "" : "; ") + peer.version;
  }
  if (!versions.empty()) benchmark::AddCustomContext("peers", versions);
}

void run(int argc, char** argv) {
  const Arguments arguments = parse(argc, argv);
  if (arguments.help) std::cout << kUsage << std::flush;
  initialise_benchmark(argv[0], arguments.others);
  add_context();
  for (const auto& backend : dispatch::backends()) {
    if (!backend.supported()) continue;
    add_kem(backend);
    add_locked_kem(backend);
    add_hybrids(backend);
  }
  add_x25519();
  add_system_peers();
  add_given_peers(arguments.peers);
  add_memory();
#ifdef LATCHKEY_HAVE_SEAL
  add_streams();
  add_enclaves();
#endif
  add_yardstick();
  for (const auto& backend : dispatch::backends()) {
    if (backend.supported()) add_kernels(*backend.kernels);
  }
  if (benchmark::RunSpecifiedBenchmarks() == 0) {
    throw std::runtime_error("nothing to measure has such a name");
  }
  benchmark::Shutdown();
}

int fail(const char* why, int status) {
  std::cerr << "latchkey-bench: " << why << "\n";
  return status;
}

}  // namespace
}  // namespace latchkey::bench

int main(int argc, char** argv) {
  try {
    latchkey::bench::run(argc, argv);
    return 0;
  } catch (const std::invalid_argument& wrong) {
    return latchkey::bench::fail(wrong.what(), 2);
  } catch (const std::exception& failure) {
    return latchkey::bench::fail(failure.what(), 1);
  }
}

// Threads: handshakes side by side with sides of their own and shared ones, in several library
// contexts that come and go; and how much locked memory they take.

#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>

#include "provider/forked.hpp"
#include "provider/lock_limit.hpp"
#include "provider/tls_wire.hpp"

namespace latchkey::test {
namespace {

constexpr const char* kGroup = "X25519MLKEM768";

bool shakes_hands(SSL_CTX* client_side, SSL_CTX* server_side) {
  End client(client_side, false), server(server_side, true);
  run(client, server);
  return client.is_done() && server.is_done();
}

// The sum of what run_one(i) returns in so many threads, which start together.
template <class F>
int failures_of(int threads, F run_one) {
  std::atomic<int> failed{0}, waiting{threads};
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      --waiting;
      while (waiting != 0) std::this_thread::yield();
      failed += run_one(i);
    });
  }
  for (auto& thread : running) thread.join();
  return failed;
}

TEST_CASE("Eight threads shake hands, with sides that they share and with their own") {
  const Library library = library_with("");
  const Side server = make_server(library.get(), kGroup),
             client = make_client(library.get(), kGroup);
  REQUIRE(failures_of(8, [&](int i) {
            int failed = 0;
            Side own;
            if (i % 2 == 0) own = make_client(library.get(), kGroup);
            for (int n = 0; n < 25; ++n) {
              failed += !shakes_hands(own ? own.get() : client.get(), server.get());
            }
            return failed;
          }) == 0);
}

TEST_CASE("Library contexts come and go while another one is in use") {
  const Library kept = library_with("");
  const Side server = make_server(kept.get(), kGroup), client = make_client(kept.get(), kGroup);
  REQUIRE(failures_of(4, [&](int i) {
            int failed = 0;
            for (int n = 0; n < 15; ++n) {
              if (i % 2 == 0) {
                failed += !shakes_hands(client.get(), server.get());
              } else {
                const Library other = library_with("");
                const Side one = make_client(other.get(), kGroup);
                failed += !shakes_hands(one.get(), server.get());
              }
            }
            return failed;
          }) == 0);
}

// The kilobytes that /proc/self/status has behind a name.
long kilobytes(const char* name) {
  std::FILE* const file = std::fopen("/proc/self/status", "r");
  long found = -1;
  char line[256];
  while (file != nullptr && std::fgets(line, sizeof line, file) != nullptr) {
    if (std::strncmp(line, name, std::strlen(name)) == 0) {
      found = std::atol(line + std::strlen(name) + 1);
    }
  }
  if (file != nullptr) std::fclose(file);
  return found;
}

// In a child that may lock so many bytes: failed handshakes of so many threads, at most 250.
int failures_within(std::size_t bytes, int threads, int handshakes) {
  const Child child([&] {
    if (!limit_locked_memory(bytes)) return 254;
    const Library library = try_library("");
    if (!library) return 253;
    const Side server = make_server(library.get(), kGroup);
    const Side client = make_client(library.get(), kGroup);
    const int failed = failures_of(threads, [&](int) {
      int count = 0;
      for (int n = 0; n < handshakes; ++n) count += !shakes_hands(client.get(), server.get());
      return count;
    });
    return std::min(failed, 250);
  });
  return child.status();
}

TEST_CASE("Eight threads shake hands within 64 KiB of locked memory") {
  REQUIRE(failures_within(64 << 10, 8, 20) == 0);
}

TEST_CASE("How many threads 64 KiB of locked memory are enough for", "[.measure]") {
  for (const std::size_t size : {16, 32, 48, 64}) {
    for (const int threads : {1, 8, 32, 64, 128}) {
      std::printf("%zu KiB, %d threads: %d failures\n", size, threads,
                  failures_within(size << 10, threads, 20));
    }
  }
}

// A client's operation holds the slot of a private key. With more threads inside of one at once
// than such keys fit, libssl would end the handshake with internal_error.
TEST_CASE("How many private keys of ML-KEM-768 fit into locked memory", "[.measure]") {
  for (const std::size_t size : {64, 8192}) {
    const Child child([&] {
      if (!limit_locked_memory(size << 10)) return 1;
      const Library library = library_with("");
      std::vector<Key> keys;
      for (;;) {
        const auto operation = begin(library.get(), "ML-KEM-768");
        EVP_PKEY* key = nullptr;
        if (EVP_PKEY_keygen_init(operation.get()) != 1 ||
            EVP_PKEY_keygen(operation.get(), &key) != 1) {
          break;
        }
        keys.emplace_back(key);
      }
      std::printf("%zu KiB: %zu keys, then: %s\n", size, keys.size(),
                  ERR_reason_error_string(ERR_peek_last_error()));
      std::fflush(stdout);
      return 0;
    });
    REQUIRE(child.status() == 0);
  }
}

TEST_CASE("Memory and locked memory stay as they are over 100,000 handshakes", "[.long]") {
  const Library library = library_with("");
  const Side server = make_server(library.get(), kGroup),
             client = make_client(library.get(), kGroup);
  const auto many = [&](int count) {
    int failed = 0;
    for (int n = 0; n < count; ++n) failed += !shakes_hands(client.get(), server.get());
    REQUIRE(failed == 0);
  };
  many(1000);
  const long resident = kilobytes("VmRSS:"), locked = kilobytes("VmLck:");
  for (int i = 0; i < 4; ++i) {
    many(24750);
    std::printf("VmRSS %ld KiB, was %ld; VmLck %ld KiB, was %ld\n", kilobytes("VmRSS:"), resident,
                kilobytes("VmLck:"), locked);
  }
  REQUIRE(kilobytes("VmLck:") == locked);
  REQUIRE(kilobytes("VmRSS:") < resident + 1024);
}

}  // namespace
}  // namespace latchkey::test

// Forks: keys of TLS stay in the process that made them, with an error that says so, and children
// make their own. evp_fork_test.cpp has the keys that children may use.

#include <array>
#include <atomic>
#include <thread>

#include "provider/ephemeral.hpp"
#include "provider/forked.hpp"
#include "provider/tls_library.hpp"

namespace latchkey::test {
namespace {

// 0 if a fresh exchange works here.
template <Group group>
int exchange(OSSL_LIB_CTX* library) {
  const Key client = client_key<group>(library), server = empty_key<group>(library);
  if (!client || !server || !take_share(server.get(), share_of(client.get()))) return 1;
  const Encapsulated sent = encapsulate(library, server.get());
  if (sent.secret.empty()) return 2;
  return decapsulate(library, client.get(), sent.share) == sent.secret ? 0 : 3;
}

LATCHKEY_TEST_OF_GROUPS("A TLS key is refused in a child as inherited, and works in its parent") {
  const Library library = library_with(kAllGroups);
  Key client = client_key<group>(library.get());
  const Key server = empty_key<group>(library.get());
  REQUIRE(take_share(server.get(), share_of(client.get())));
  const Encapsulated sent = encapsulate(library.get(), server.get());
  const Signal done;
  const Child child([&] {
    Bytes rest;
    if (!decapsulate(library.get(), client.get(), sent.share, &rest).empty()) return 1;
    if (last_reason() != reason_of(Error::inherited)) return 2;
    if (rest != Bytes(tls::sizes_of(group).secret)) return 3;
    // What is public is not touched by it.
    if (share_of(client.get()) != share_of(server.get())) return 4;
    if (encapsulate(library.get(), server.get()).share.empty()) return 5;
    for (int i = 0; i < 3; ++i) {
      if (const int wrong = exchange<group>(library.get())) return 10 + wrong;
    }
    if (!decapsulate(library.get(), client.get(), sent.share).empty()) return 6;
    client.reset();
    if (exchange<group>(library.get()) != 0) return 7;
    return 0;
  });
  REQUIRE(child.status() == 0);
  REQUIRE(decapsulate(library.get(), client.get(), sent.share) == sent.secret);
  client.reset();
  REQUIRE(exchange<group>(library.get()) == 0);
}

// 0 if the origin of a key can be drawn here, and gives the same randomness twice.
int draw_one() {
  provider::Origin origin;
  std::array<std::uint8_t, 96> first{}, second{};
  if (!origin.draw() || !origin.derive(first) || !origin.derive(second)) return 1;
  return first == second && first != std::array<std::uint8_t, 96>{} ? 0 : 2;
}

// By what the keys are derived from, and without libcrypto: a child of a process whose threads use
// it can wait for ever for one of its own locks (that of its list of engines).
TEST_CASE("Children work that are forked while other threads make and free TLS keys") {
  // As the module does: fork() then takes the root's lock first, and that of the memory behind it.
  REQUIRE(LockedBuffer::create(32).has_value());
  REQUIRE(provider::watch_forks());
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!stop) wrong += draw_one() != 0;
    });
  }
  for (int i = 0; i < 100; ++i) {
    const Child child([&] { return draw_one(); });
    wrong += child.status() != 0;
  }
  stop = true;
  for (auto& thread : threads) thread.join();
  REQUIRE(wrong == 0);
}

}  // namespace
}  // namespace latchkey::test

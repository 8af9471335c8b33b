// What enclaves leave in ordinary memory: ciphertext while they live, and nothing of a secret ever.
//
// The linker sends the library's calls of malloc and free here (see meson.build); libcrypto's own,
// it does not.

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <functional>
#include <unordered_set>

#include "enclave/support.hpp"
#include "latchkey/enclave.hpp"
#include "support/heap_watch.hpp"

namespace {

// What happens, once, before the library next gets memory.
std::function<void()> meanwhile;

}  // namespace

extern "C" {

void* __real_malloc(std::size_t size);

void* __wrap_malloc(std::size_t size) {
  if (meanwhile) std::exchange(meanwhile, nullptr)();
  return latchkey::test::HeapWatch::allocate(size, [=] { return __real_malloc(size); });
}

}  // extern "C"

namespace latchkey::test {
namespace {

using internal::EnclaveBox;

constexpr std::size_t kAround = sizeof(EnclaveBox) + hpke::kTagSize;

TEST_CASE("An enclave takes one block of the heap, of the size of its secret, and wipes it") {
  const Bytes secret(1000, 7);
  const Enclave warm_up = sealed(secret);
  HeapWatch watch;
  {
    const Enclave enclave = need(Enclave::seal(secret));
    REQUIRE(watch.granted == std::vector{kAround + 1000});
    Enclave other = need(Enclave::seal(View(secret).first(10)));
    REQUIRE(watch.alive.size() == 2);
    Enclave third = need(Enclave::seal(View(secret).first(20)));
    other = std::move(third);  // what was there before goes at once
    REQUIRE(watch.alive.size() == 2);
    REQUIRE(need(enclave.open()).size() == 1000);
  }
  REQUIRE(watch.granted.size() == 3);
  REQUIRE(watch.alive.empty());
  REQUIRE(watch.released_dirty == 0);
}

TEST_CASE("Opening takes nothing of the heap, and a sealed message what the message takes") {
  const Bytes secret(1000, 7);
  const Enclave enclave = sealed(secret);
  const auto key = need(xwing::DecapsulationKey::generate());
  const auto plain = need(latchkey::seal_for(key.encapsulation_key(), secret, {}, {}));
  HeapWatch watch;
  for (int again = 0; again < 3; ++again) REQUIRE(opened(enclave) == secret);
  REQUIRE(watch.granted.empty());
  const auto message = need(enclave.seal_for(key.encapsulation_key(), {}, {}));
  REQUIRE(watch.granted == std::vector{message.bytes().size()});
}

TEST_CASE("Without memory nothing is sealed, nothing leaks, and the numbers go on") {
  const Ending ending = in_child([] {
    const Bytes secret(100, 7);
    for (const bool first : {true, false}) {
      {
        HeapWatch watch;
        watch.allowed = 0;
        if (!fails_with(Enclave::seal(secret), Error::no_memory)) return 1;
        if (!fails_with(Enclave::seal(LockedBuffer::copy_of(secret).value()), Error::no_memory))
          return 2;
      }
      const auto enclave = Enclave::seal(secret);
      if (!enclave || !opens_to(*enclave, secret)) return 3;
      if (box_of(*enclave).ticket.number != (first ? 0 : 1)) return 4;
    }
    return 0;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

TEST_CASE("A thread that seals the first secret while another one is about to makes the one key") {
  const Ending ending = in_child([] {
    const Bytes secret(100, 7);
    Enclave theirs;
    meanwhile = [&] { std::thread([&] { theirs = Enclave::seal(secret).value(); }).join(); };
    const auto mine = Enclave::seal(secret);
    if (!mine || theirs.size() == 0) return 1;
    if (!opens_to(*mine, secret) || !opens_to(theirs, secret)) return 2;
    return box_of(theirs).ticket.number == 0 && box_of(*mine).ticket.number == 1 ? 0 : 3;
  });
  REQUIRE(ending.errors.empty());
  REQUIRE(ending.signal == 0);
  REQUIRE(ending.status == 0);
}

// ---- All of the memory

struct Region {
  std::uintptr_t begin, end;
};

// What can be read and written but the arena: the heap, stacks, the data of libraries.
std::vector<Region> ordinary_memory() {
  std::vector<std::uintptr_t> slots;
  memory::visit_slots(
      [](void* list, const memory::SlotView& slot) {
        static_cast<std::vector<std::uintptr_t>*>(list)->push_back(
            reinterpret_cast<std::uintptr_t>(slot.bytes));
      },
      &slots);
  std::vector<Region> regions;
  std::FILE* const maps = std::fopen("/proc/self/maps", "r");
  char line[512];
  while (std::fgets(line, sizeof line, maps) != nullptr) {
    Region region;
    char rights[5];
    if (std::sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &region.begin, &region.end, rights) != 3)
      continue;
    const bool secret = std::ranges::any_of(
        slots, [&](auto slot) { return region.begin <= slot && slot < region.end; });
    if (rights[0] == 'r' && rights[1] == 'w' && !secret) regions.push_back(region);
  }
  std::fclose(maps);
  return regions;
}

// How many places of ordinary memory hold any eight bytes of the secret. What is searched for is
// kept under a mask: the search must not find itself.
class Search {
 public:
  explicit Search(const LockedBuffer& secret) {
    REQUIRE(secret.read([&](View bytes) {
      for (std::size_t i = 0; i + 8 <= bytes.size(); ++i) masked_.insert(word(&bytes[i]) ^ kMask);
    }));
  }

  [[nodiscard]] std::size_t count() const {
    std::size_t found = 0;
    for (const Region& region : ordinary_memory()) {
      const auto* const bytes = reinterpret_cast<const std::uint8_t*>(region.begin);
      for (std::size_t i = 0; i + 8 <= region.end - region.begin; ++i) {
        found += masked_.count(word(bytes + i) ^ kMask);
      }
    }
    return found;
  }

 private:
  static constexpr std::uint64_t kMask = 0x5bd1e9955bd1e995;

  static std::uint64_t word(const std::uint8_t* bytes) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }

  std::unordered_set<std::uint64_t> masked_;
};

// Sanitizers have gigabytes of memory about memory, and poison what is not in use.
#ifndef LATCHKEY_SANITIZED
TEST_CASE("No eight bytes of a secret, or of the session key, stay in ordinary memory") {
  for (const std::size_t size : {std::size_t{64}, std::size_t{10'000}}) {
    CAPTURE(size);
    const auto secret = need(LockedBuffer::random(size));
    const Search search(secret);
    const Enclave from_span = need(secret.read([](View bytes) { return Enclave::seal(bytes); }));
    auto copy = need(secret.read([](View bytes) { return LockedBuffer::copy_of(bytes); }));
    const Enclave from_buffer = need(Enclave::seal(std::move(copy)));
    const auto key = need(DecapsulationKey::generate());
    const auto hybrid = need(xwing::DecapsulationKey::generate());
    for (const Enclave* enclave : {&from_span, &from_buffer}) {
      const auto open = need(enclave->open());
      REQUIRE(open.equals(secret));
      const auto message = need(enclave->seal_for(key.encapsulation_key(), {}, {}));
      REQUIRE(need(open_sealed(key, message.bytes(), {}, {})).equals(secret));
      const auto other = need(enclave->seal_for(hybrid.encapsulation_key(), {}, {}));
      REQUIRE(need(open_sealed(hybrid, other.bytes(), {}, {})).equals(secret));
    }
    REQUIRE(search.count() == 0);

    auto kept = need(LockedBuffer::create(32));
    REQUIRE(enclave::Session::current()
                ->open(box_of(from_span).ticket,
                       [&](View it) {
                         return kept.write([&](auto to) { std::ranges::copy(it, to.begin()); });
                       })
                .has_value());
    REQUIRE(Search(kept).count() == 0);

    const Bytes control = copy_of(secret);
    REQUIRE(search.count() >= size - 7);
  }
}
#endif

}  // namespace
}  // namespace latchkey::test

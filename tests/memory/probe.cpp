// A process with secrets, for process_test.py to look at from outside.
//
//   probe keys COUNT [best-effort]   makes keys until they are COUNT, or there is an error
//   probe hold                       makes secrets, and waits for a line: "abort" or another one
//   probe passes                     does everything four times, for faults to be injected
//   probe seal-passes                does what the sealing layer does four times, likewise
//   probe crowded                    asks for memory that it does not get, while a thread maps its
//                                    own
//   probe fork                       uses an inherited secret in a child
//   probe harden                     hardens itself, makes a secret, and aborts

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "latchkey/derand.hpp"
#include "probe.hpp"

namespace latchkey {
namespace {

// A line of /proc/self/status, in KiB.
long locked_kib() {
  std::FILE* const file = std::fopen("/proc/self/status", "r");
  long kib = -1;
  for (char line[256]; std::fgets(line, sizeof line, file) != nullptr;) {
    std::sscanf(line, "VmLck: %ld", &kib);
  }
  std::fclose(file);
  return kib;
}

long mappings() {
  std::FILE* const file = std::fopen("/proc/self/maps", "r");
  long count = 0;
  for (int c; (c = std::fgetc(file)) != EOF;) count += c == '\n';
  std::fclose(file);
  return count;
}

int make_keys(std::size_t count, bool best_effort) {
  if (best_effort && !set_memory_policy(Policy::best_effort)) return 1;
  std::vector<DecapsulationKey> keys;
  const char* why = "none";
  while (keys.size() < count) {
    auto key = DecapsulationKey::generate();
    if (!key) {
      why = describe(key.error());
      break;
    }
    keys.push_back(std::move(*key));
  }
  const auto locked = std::ranges::count_if(keys, &DecapsulationKey::is_locked);
  std::printf("made: %zu\nlocked: %zd\nerror: %s\nVmLck: %ld\n", keys.size(), locked, why,
              locked_kib());
  const long before = mappings();
  for (int i = 0; i < 100; ++i) {
    if (DecapsulationKey::generate() && keys.size() < count) return 1;
  }
  std::printf("mappings after errors: %ld more\n", mappings() - before);
  // Each key has its own secret still.
  for (const auto& key : keys) {
    const auto sent = key.encapsulation_key().encapsulate();
    if (!sent) {
      keys.resize(keys.size() - 1);
      break;
    }
    const auto opened = key.decapsulate(sent->ciphertext);
    if (opened && !std::ranges::equal(*opened->expose(), *sent->secret.expose())) return 2;
  }
  keys.pop_back();
  std::printf("after one was freed: %s\n", DecapsulationKey::generate() ? "ok" : "error");
  return 0;
}

void print_place(const char* name, const void* place, std::span<const std::uint8_t> bytes) {
  std::printf("%s: %p ", name, place);
  for (const unsigned byte : bytes) std::printf("%02x", byte);
  std::puts("");
}

// The values go to stdout as hexadecimal digits, which are not the bytes, and stay nowhere else.
int hold(bool hardened) {
  setvbuf(stdout, nullptr, _IONBF, 0);
  if (hardened && !harden_process()) return 1;
  auto control = std::vector<std::uint8_t>(32);
  for (std::size_t i = 0; i < control.size(); ++i)
    control[i] = static_cast<std::uint8_t>(i * 7 + 1);
  print_place("control", control.data(), control);
  const auto key = DecapsulationKey::generate().value();
  const auto sent = key.encapsulation_key().encapsulate().value();
  const auto opened = key.decapsulate(sent.ciphertext).value();
  const auto large = LockedBuffer::random(5000).value();
  const auto k = opened.expose().value();
  print_place("secret", k.data(), k);
  auto seed = LockedBuffer::create(kSeedSize).value();
  if (!seed.write([&](auto to) { return key.export_seed(to.template first<kSeedSize>()); }))
    return 1;
  const auto print = [](std::span<const std::uint8_t> bytes) {
    print_place("secret", bytes.data(), bytes);
  };
  if (!seed.read(print) || !large.read(print)) return 1;
  std::puts("ready");
  char line[16];
  if (!hardened && (std::fgets(line, sizeof line, stdin) == nullptr || line[0] != 'a')) return 0;
  std::abort();
}

// The operations on one key. What fails leaves nothing behind, or zeros.
void use_one_key(Outcome& outcome, const DecapsulationKey& key) {
  const EncapsulationKey& ek = key.encapsulation_key();
  const auto sent = ek.encapsulate();
  if (outcome("encapsulate", sent)) {
    if (sent->secret.is_locked() != true) std::exit(4);
    outcome("decapsulate", key.decapsulate(sent->ciphertext));
  }
  outcome("clone", ek.clone());
  outcome("parse", EncapsulationKey::parse(ek.bytes()));
  outcome("derand::encapsulate", derand::encapsulate(ek, std::array<std::uint8_t, 32>{}));
  std::array<std::uint8_t, kSeedSize> seed;
  seed.fill(0xaa);
  if (outcome("export_seed", key.export_seed(seed))) {
    outcome("from_seed", DecapsulationKey::from_seed(seed, PairwiseTest::run));
  } else {
    require_zero(seed);
  }
  std::array<std::uint8_t, kDecapsulationKeySize> expanded;
  expanded.fill(0xaa);
  if (outcome("export_expanded", key.export_expanded(expanded))) {
    outcome("import_expanded", DecapsulationKey::import_expanded(expanded));
    outcome("decapsulate_with_expanded_key", decapsulate_with_expanded_key(expanded, Ciphertext{}));
  } else {
    require_zero(expanded);
  }
}

void use_batches(Outcome& outcome) {
  constexpr std::size_t kSize = 5;
  std::array<DecapsulationKey, kSize> keys;
  if (!outcome("generate_batch", generate_batch(keys))) {
    for (const auto& one : keys) {
      if (!one.encapsulation_key().bytes().empty()) std::exit(5);
    }
    return;
  }
  std::array<const EncapsulationKey*, kSize> pub;
  std::array<const DecapsulationKey*, kSize> sec;
  for (std::size_t i = 0; i < kSize; ++i) {
    pub[i] = &keys[i].encapsulation_key();
    sec[i] = &keys[i];
  }
  std::array<Encapsulation, kSize> sent;
  if (!outcome("encapsulate_batch", encapsulate_batch(pub, sent))) {
    for (const auto& one : sent) {
      require_zero(one.ciphertext);
      if (one.secret.expose()) std::exit(6);
    }
  }
  std::array<Ciphertext, kSize> ciphertexts{};
  std::array<SharedSecret, kSize> secrets;
  if (!outcome("decapsulate_batch", decapsulate_batch(sec, ciphertexts, secrets))) {
    for (const auto& one : secrets) {
      if (one.expose()) std::exit(7);
    }
  }
}

void use_buffers(Outcome& outcome) {
  auto large = LockedBuffer::random(20'000);
  if (outcome("large", large)) {
    const auto nothing = [](auto) {};
    outcome("read", large->read(nothing));
    outcome("write", large->write(nothing));
    outcome("equals", large->equals(*large));
    if (outcome("freeze", large->freeze())) outcome("thaw", large->thaw());
    if (!large->is_frozen()) outcome("wipe", large->wipe());
  }
  auto parcel = LockedBuffer::inheritable(64);
  if (outcome("inheritable", parcel)) outcome("adopt", parcel->adopt());
  std::array<std::uint8_t, 64> source;
  source.fill(0xaa);
  outcome("copy_of", LockedBuffer::copy_of(source));
  outcome("take", LockedBuffer::take(source));
  require_zero(source);
}

void do_everything(Outcome& outcome) {
  outcome("harden", harden_process());
  auto key = DecapsulationKey::generate();
  if (outcome("generate", key)) use_one_key(outcome, *key);
  use_batches(outcome);
  use_buffers(outcome);
  outcome("self_test", self_test());
  purge();
  if (key && key->decapsulate(Ciphertext{})) std::exit(8);
}

int passes(void (*work)(Outcome&)) {
  std::puts("begin");
  std::fflush(stdout);
  if (!set_memory_policy(Policy::require | Policy::protection_keys)) return 1;
  long before = 0, locked = 0;
  for (int pass = 0; pass < 4; ++pass) {
    Outcome outcome;
    work(outcome);
    std::printf("pass %d: %d errors\n", pass, outcome.errors);
    std::fflush(stdout);
    if (pass == 2) {
      before = mappings();
      locked = locked_kib();
    }
  }
  std::printf("leaked: %ld mappings, %ld KiB\n", mappings() - before, locked_kib() - locked);
  return 0;
}

// What the library unmaps when it fails must have been its own.
int crowded() {
  std::atomic<bool> done{false};
  std::atomic<long> mapped{0};
  std::thread other([&] {
    constexpr std::size_t kSize = 20'480;
    while (!done) {
      auto* const mine = static_cast<volatile char*>(
          mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
      for (std::size_t i = 0; i < kSize; i += 4096) mine[i] = 1;
      for (std::size_t i = 0; i < kSize; i += 4096) {
        if (mine[i] != 1) std::abort();
      }
      munmap(const_cast<char*>(mine), kSize);
      ++mapped;
    }
  });
  int errors = 0;
  for (int i = 0; i < 20'000; ++i) errors += !LockedBuffer::create(20'000).has_value();
  done = true;
  other.join();
  std::printf("errors: %d\nmapped: %ld\n", errors, mapped.load());
  return 0;
}

int in_fork() {
  const auto key = DecapsulationKey::generate().value();
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const auto refused = key.decapsulate(Ciphertext());
    std::exit(!refused && refused.error() == Error::inherited ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return 1;
  return key.decapsulate(Ciphertext()) ? 0 : 2;
}

int run(int argc, char** argv) {
  const std::string_view task = argc > 1 ? argv[1] : "";
  if (task == "keys" && argc > 2) return make_keys(std::stoul(argv[2]), argc > 3);
  if (task == "hold") return hold(false);
  if (task == "harden") return hold(true);
  if (task == "passes") return passes(do_everything);
#ifdef LATCHKEY_HAVE_SEAL
  if (task == "seal-passes") return passes(seal_everything);
#endif
  if (task == "crowded") return crowded();
  if (task == "fork") return in_fork();
  return 64;
}

}  // namespace
}  // namespace latchkey

int main(int argc, char** argv) { return latchkey::run(argc, argv); }

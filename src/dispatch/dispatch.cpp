#include "dispatch/dispatch.hpp"

#include <atomic>
#include <cstdlib>

#include "base/cpu.hpp"

#define LATCHKEY_BACKEND(name, supported)       \
  namespace latchkey::name {                    \
  extern const mlkem::KemTable kem_table;       \
  extern const mlkem::KernelTable kernel_table; \
  }
#include "backends.inc"
#undef LATCHKEY_BACKEND

namespace latchkey::dispatch {
namespace {

constinit std::atomic<const mlkem::KemTable*> chosen{nullptr};

const mlkem::KemTable* find(std::string_view name) noexcept {
  for (const Backend& backend : backends()) {
    if (backend.supported() && name == backend.kem->name) return backend.kem;
  }
  return nullptr;
}

const mlkem::KemTable* choose() noexcept {
  if (const char* wish = secure_getenv("LATCHKEY_BACKEND")) {
    if (const mlkem::KemTable* table = find(wish)) return table;
  }
  const mlkem::KemTable* best = nullptr;
  for (const Backend& backend : backends()) {
    if (backend.supported()) best = backend.kem;
  }
  return best;
}

}  // namespace

std::span<const Backend> backends() noexcept {
  static constexpr Backend kBackends[] = {
#define LATCHKEY_BACKEND(name, supported) \
  {&name::kem_table, &name::kernel_table, []() noexcept { return supported; }},
#include "backends.inc"
#undef LATCHKEY_BACKEND
  };
  return kBackends;
}

const mlkem::KemTable& kem_table() noexcept {
  const mlkem::KemTable* table = chosen.load(std::memory_order_relaxed);
  if (table == nullptr) {
    // Threads that come here at once choose the same backend, unless use() came first: then it
    // stays.
    const mlkem::KemTable* const choice = choose();
    if (chosen.compare_exchange_strong(table, choice, std::memory_order_relaxed)) table = choice;
  }
  return *table;
}

bool use(std::string_view name) noexcept {
  const mlkem::KemTable* table = find(name);
  if (table != nullptr) chosen.store(table, std::memory_order_relaxed);
  return table != nullptr;
}

}  // namespace latchkey::dispatch

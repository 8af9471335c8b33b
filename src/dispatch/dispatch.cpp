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
#define LATCHKEY_FORM(name, supported, backend) \
  namespace latchkey::name {                    \
  extern const x25519::Table x25519_table;      \
  }
#include "forms.inc"
#undef LATCHKEY_FORM

namespace latchkey::dispatch {
namespace {

constinit std::atomic<const mlkem::KemTable*> chosen{nullptr};
constinit std::atomic<const x25519::Table*> chosen_form{nullptr};

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

const x25519::Table* best_form(std::string_view backend) noexcept {
  const x25519::Table* best = nullptr;
  for (const Form& form : forms()) {
    bool is_beside = false;  // this backend, or a slower one
    for (const Backend& candidate : backends()) {
      is_beside = is_beside || form.backend == candidate.kem->name;
      if (backend != candidate.kem->name) continue;
      if (is_beside && form.supported()) best = form.table;
      break;
    }
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

std::span<const Form> forms() noexcept {
  static constexpr Form kForms[] = {
#define LATCHKEY_FORM(name, supported, backend) \
  {&name::x25519_table, []() noexcept { return supported; }, backend},
#include "forms.inc"
#undef LATCHKEY_FORM
  };
  return kForms;
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

const x25519::Table& x25519_table() noexcept {
  const x25519::Table* table = chosen_form.load(std::memory_order_relaxed);
  if (table == nullptr) {
    // As above.
    const x25519::Table* const choice = best_form(kem_table().name);
    if (chosen_form.compare_exchange_strong(table, choice, std::memory_order_relaxed)) {
      table = choice;
    }
  }
  return *table;
}

bool use(std::string_view name) noexcept {
  const mlkem::KemTable* table = find(name);
  if (table != nullptr) {
    chosen.store(table, std::memory_order_relaxed);
    chosen_form.store(best_form(name), std::memory_order_relaxed);
  }
  return table != nullptr;
}

}  // namespace latchkey::dispatch

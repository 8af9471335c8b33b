#include "dispatch/dispatch.hpp"

#include <atomic>
#include <cstdlib>

#include "base/cpu.hpp"

#define LATCHKEY_BACKEND(name, supported)                         \
  namespace latchkey::name {                                      \
  extern const mlkem::KemTable<mlkem::kMlKem512> kem_table_512;   \
  extern const mlkem::KemTable<mlkem::kMlKem768> kem_table_768;   \
  extern const mlkem::KemTable<mlkem::kMlKem1024> kem_table_1024; \
  extern const mlkem::HashTable hash_table;                       \
  extern const mlkem::KernelTable kernel_table;                   \
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

// Selects the table for p among those of one backend.
template <mlkem::ParameterSet p>
constexpr const mlkem::KemTable<p>* one_of(
    const mlkem::KemTable<mlkem::kMlKem512>* table_512,
    const mlkem::KemTable<mlkem::kMlKem768>* table_768,
    const mlkem::KemTable<mlkem::kMlKem1024>* table_1024) noexcept {
  if constexpr (p == mlkem::kMlKem512) return table_512;
  if constexpr (p == mlkem::kMlKem768) return table_768;
  if constexpr (p == mlkem::kMlKem1024) return table_1024;
}

template <mlkem::ParameterSet p>
constexpr const mlkem::KemTable<p>* kTables[] = {
#define LATCHKEY_BACKEND(name, supported) \
  one_of<p>(&name::kem_table_512, &name::kem_table_768, &name::kem_table_1024),
#include "backends.inc"
#undef LATCHKEY_BACKEND
};

constinit std::atomic<const Backend*> chosen{nullptr};
constinit std::atomic<const x25519::Table*> chosen_form{nullptr};

const Backend* find(std::string_view name) noexcept {
  for (const Backend& backend : backends()) {
    if (backend.supported() && name == backend.hash->name) return &backend;
  }
  return nullptr;
}

const Backend* choose() noexcept {
  if (const char* wish = secure_getenv("LATCHKEY_BACKEND")) {
    if (const Backend* backend = find(wish)) return backend;
  }
  const Backend* best = nullptr;
  for (const Backend& backend : backends()) {
    if (backend.supported()) best = &backend;
  }
  return best;
}

const Backend& backend_in_use() noexcept {
  const Backend* backend = chosen.load(std::memory_order_relaxed);
  if (backend == nullptr) {
    // Threads that come here at once choose the same backend, unless use() came first: then it
    // stays.
    const Backend* const choice = choose();
    if (chosen.compare_exchange_strong(backend, choice, std::memory_order_relaxed)) {
      backend = choice;
    }
  }
  return *backend;
}

const x25519::Table* best_form(std::string_view backend) noexcept {
  const x25519::Table* best = nullptr;
  for (const Form& form : forms()) {
    bool is_beside = false;  // this backend, or a slower one
    for (const Backend& candidate : backends()) {
      is_beside = is_beside || form.backend == candidate.hash->name;
      if (backend != candidate.hash->name) continue;
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
  {&name::hash_table, &name::kernel_table, []() noexcept { return supported; }},
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

template <mlkem::ParameterSet p>
std::span<const mlkem::KemTable<p>* const> kem_tables() noexcept {
  return kTables<p>;
}

template <mlkem::ParameterSet p>
const mlkem::KemTable<p>& kem_table() noexcept {
  return *kTables<p>[&backend_in_use() - backends().data()];
}

template std::span<const mlkem::KemTable<mlkem::kMlKem512>* const> kem_tables() noexcept;
template const mlkem::KemTable<mlkem::kMlKem512>& kem_table() noexcept;
template std::span<const mlkem::KemTable<mlkem::kMlKem768>* const> kem_tables() noexcept;
template const mlkem::KemTable<mlkem::kMlKem768>& kem_table() noexcept;
template std::span<const mlkem::KemTable<mlkem::kMlKem1024>* const> kem_tables() noexcept;
template const mlkem::KemTable<mlkem::kMlKem1024>& kem_table() noexcept;

const mlkem::HashTable& hash_table() noexcept { return *backend_in_use().hash; }

const x25519::Table& x25519_table() noexcept {
  const x25519::Table* table = chosen_form.load(std::memory_order_relaxed);
  if (table == nullptr) {
    // As above.
    const x25519::Table* const choice = best_form(hash_table().name);
    if (chosen_form.compare_exchange_strong(table, choice, std::memory_order_relaxed)) {
      table = choice;
    }
  }
  return *table;
}

bool use(std::string_view name) noexcept {
  const Backend* backend = find(name);
  if (backend != nullptr) {
    chosen.store(backend, std::memory_order_relaxed);
    chosen_form.store(best_form(name), std::memory_order_relaxed);
  }
  return backend != nullptr;
}

}  // namespace latchkey::dispatch

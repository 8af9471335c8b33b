#include "dispatch/dispatch.hpp"

#include <atomic>
#include <cstdlib>

#include "base/cpu.hpp"
#include "ref/rows.hpp"

#ifdef LATCHKEY_HAVE_AVX2
#include "avx2/rows.hpp"
#endif
#ifdef LATCHKEY_HAVE_AVX512
#include "avx512/rows.hpp"
#endif

namespace latchkey::dispatch {
namespace {

#ifdef LATCHKEY_HAVE_AVX512
#ifdef LATCHKEY_CT_CHECK
constexpr auto kAvx512Needs = &base::CpuFeatures::avx2;  // src/meson.build compiles it so
#else
constexpr auto kAvx512Needs = &base::CpuFeatures::avx512;
#endif
#endif

constinit std::atomic<const core::KemOps*> chosen{nullptr};

const core::KemOps* find(std::string_view name) noexcept {
  for (const Row& row : rows()) {
    if (row.supported() && name == row.kem->name) return row.kem;
  }
  return nullptr;
}

const core::KemOps* choose() noexcept {
  if (const char* wish = secure_getenv("LATCHKEY_BACKEND")) {
    if (const core::KemOps* row = find(wish)) return row;
  }
  const core::KemOps* best = nullptr;
  for (const Row& row : rows()) {
    if (row.supported()) best = row.kem;
  }
  return best;
}

}  // namespace

std::span<const Row> rows() noexcept {
  static constexpr Row kRows[] = {
      {&ref::kem_ops, &ref::kernel_ops, []() noexcept { return true; }},
#ifdef LATCHKEY_HAVE_AVX2
      {&avx2::kem_ops, &avx2::kernel_ops, []() noexcept { return base::cpu_features().avx2; }},
#endif
#ifdef LATCHKEY_HAVE_AVX512
      {&avx512::kem_ops, &avx512::kernel_ops,
       []() noexcept { return base::cpu_features().*kAvx512Needs; }},
#endif
  };
  return kRows;
}

const core::KemOps& kem_ops() noexcept {
  const core::KemOps* row = chosen.load(std::memory_order_relaxed);
  if (row == nullptr) {
    // Threads that come here at once choose the same row, unless use() came first: then it stays.
    const core::KemOps* const choice = choose();
    if (chosen.compare_exchange_strong(row, choice, std::memory_order_relaxed)) row = choice;
  }
  return *row;
}

bool use(std::string_view name) noexcept {
  const core::KemOps* row = find(name);
  if (row != nullptr) chosen.store(row, std::memory_order_relaxed);
  return row != nullptr;
}

}  // namespace latchkey::dispatch

// The C interface (latchkey_incremental.h) of incremental encapsulation.
#include "latchkey/incremental.hpp"

#include <algorithm>
#include <variant>

#include "c_api/core/kem_functions.hpp"
#include "latchkey/latchkey_incremental.h"

using latchkey::Error;
using latchkey::MlKem;
using latchkey::Result;
using latchkey::View;
namespace c = latchkey::c;

static_assert(LATCHKEY_KEY_HEADER_SIZE == latchkey::kKeyHeaderSize);

namespace {

template <MlKem set>
using StateOf = latchkey::MlKemIncrementalEncapsulation<set>;
using AnyState = std::variant<StateOf<MlKem::k512>, StateOf<MlKem::k768>, StateOf<MlKem::k1024>>;

// Whether the header has a set's sizes as they are.
constexpr bool is_declared(MlKem set, std::size_t t_hat, std::size_t c1, std::size_t c2) {
  const auto sizes = latchkey::part_sizes_of(set);
  return sizes.t_hat == t_hat && sizes.c1 == c1 && sizes.c2 == c2;
}
static_assert(is_declared(MlKem::k512, LATCHKEY_MLKEM512_T_HAT_SIZE, LATCHKEY_MLKEM512_C1_SIZE,
                          LATCHKEY_MLKEM512_C2_SIZE));
static_assert(is_declared(MlKem::k768, LATCHKEY_MLKEM768_T_HAT_SIZE, LATCHKEY_MLKEM768_C1_SIZE,
                          LATCHKEY_MLKEM768_C2_SIZE));
static_assert(is_declared(MlKem::k1024, LATCHKEY_MLKEM1024_T_HAT_SIZE, LATCHKEY_MLKEM1024_C1_SIZE,
                          LATCHKEY_MLKEM1024_C2_SIZE));

// f.operator()<set>() for the parameter set of that KEM. Errors: those of f; `otherwise`, for a KEM
// that is not ML-KEM.
template <class F>
auto with_set(latchkey_kem kem, Error otherwise, F f) noexcept
    -> decltype(f.template operator()<MlKem::k768>()) {
  switch (kem) {
    case LATCHKEY_KEM_MLKEM512:
      return f.template operator()<MlKem::k512>();
    case LATCHKEY_KEM_MLKEM768:
      return f.template operator()<MlKem::k768>();
    case LATCHKEY_KEM_MLKEM1024:
      return f.template operator()<MlKem::k1024>();
    default:
      return otherwise;
  }
}

std::size_t size_of(latchkey_kem kem, std::size_t latchkey::MlKemPartSizes::*size) noexcept {
  const auto found =
      with_set(kem, Error::unknown_value, [&]<MlKem set>() noexcept -> Result<std::size_t> {
        return latchkey::part_sizes_of(set).*size;
      });
  return found ? *found : 0;
}

}  // namespace

struct latchkey_incremental : c::Tagged<latchkey_incremental> {
  static constexpr std::uint64_t kTag = 0x6e69'6765'622d'6b6c;  // "lk-begin"
  static constexpr const char* kWhat = "begun encapsulation";

  explicit latchkey_incremental(AnyState begun) noexcept : state(std::move(begun)) {}
  AnyState state;
};

size_t latchkey_t_hat_size(latchkey_kem kem) {
  return size_of(kem, &latchkey::MlKemPartSizes::t_hat);
}
size_t latchkey_c1_size(latchkey_kem kem) { return size_of(kem, &latchkey::MlKemPartSizes::c1); }
size_t latchkey_c2_size(latchkey_kem kem) { return size_of(kem, &latchkey::MlKemPartSizes::c2); }

int latchkey_public_key_parts(const latchkey_public_key* key,
                              uint8_t header[LATCHKEY_KEY_HEADER_SIZE], uint8_t* t_hat,
                              size_t t_hat_size) {
  c::clear(header, LATCHKEY_KEY_HEADER_SIZE);
  return c::fill_from(key, t_hat, t_hat_size, [&](const latchkey_public_key& handle) noexcept {
    const std::size_t size = latchkey_t_hat_size(handle.kem.number);
    return c::Output{
        size != 0 ? size : t_hat_size, [&](std::span<std::uint8_t> to) noexcept -> Result<void> {
          if (header == nullptr) return Error::null_argument;
          return with_set(
              handle.kem.number, Error::other_kem, [&]<MlKem set>() noexcept -> Result<void> {
                const auto parts =
                    LATCHKEY_TRY(latchkey::parts_of(c::key_in<latchkey::MlKemOf<set>>(handle)));
                std::ranges::copy(parts.header, header);
                std::ranges::copy(parts.t_hat, to.begin());
                return {};
              });
        }};
  });
}

int latchkey_incremental_begin(latchkey_kem kem, const uint8_t* header, size_t header_size,
                               uint8_t* c1, size_t c1_size, latchkey_incremental** state) {
  if (state != nullptr) *state = nullptr;
  const auto begin = [&]<MlKem set>() noexcept -> Result<void> {
    if (state == nullptr || c::is_missing(header, header_size) || c::is_missing(c1, c1_size)) {
      return Error::null_argument;
    }
    if (c1_size != latchkey::part_sizes_of(set).c1) return Error::wrong_size;
    auto begun = LATCHKEY_TRY(StateOf<set>::begin({header, header_size}));
    *state = c::make<latchkey_incremental>(AnyState(std::move(begun.state)));
    if (*state == nullptr) return Error::no_memory;
    std::ranges::copy(begun.c1, c1);
    return {};
  };
  const int status = c::status_of(with_set(kem, Error::unknown_value, begin));
  if (status != LATCHKEY_OK) c::clear(c1, c1_size);
  return status;
}

int latchkey_incremental_finish(latchkey_incremental* state, const uint8_t* t_hat,
                                size_t t_hat_size, uint8_t* c2, size_t c2_size,
                                latchkey_secret** secret) {
  if (secret != nullptr) *secret = nullptr;
  const auto finish = [&]<MlKem set>(StateOf<set>& one) noexcept -> Result<void> {
    if (secret == nullptr || c::is_missing(t_hat, t_hat_size) || c::is_missing(c2, c2_size)) {
      return Error::null_argument;
    }
    if (c2_size != latchkey::part_sizes_of(set).c2) return Error::wrong_size;
    auto finished = LATCHKEY_TRY(one.finish({t_hat, t_hat_size}));
    *secret = c::make<latchkey_secret>(std::move(finished.secret));
    if (*secret == nullptr) return Error::no_memory;
    std::ranges::copy(finished.c2, c2);
    return {};
  };
  const int status = c::status_of(c::with(state, [&](latchkey_incremental& handle) noexcept {
    return std::visit(finish, handle.state);
  }));
  if (status != LATCHKEY_OK) c::clear(c2, c2_size);
  return status;
}

int latchkey_incremental_early_secret(const latchkey_incremental* state, latchkey_secret** secret) {
  return c::give(secret, c::with(state, [](const latchkey_incremental& handle) noexcept {
                   return std::visit([](const auto& one) noexcept { return one.early_secret(); },
                                     handle.state);
                 }));
}

void latchkey_incremental_free(latchkey_incremental* state) { c::release(state); }

// The C interface (latchkey_age.h) of files of age.
#include "latchkey/age.hpp"

#include <algorithm>

#include "c_api/seal/handles.hpp"

using latchkey::Error;
using latchkey::Result;
using latchkey::View;
using latchkey::XWing;
namespace age = latchkey::age;
namespace c = latchkey::c;
namespace xwing = latchkey::xwing;

static_assert(LATCHKEY_AGE_RECIPIENT_SIZE == age::kRecipientSize + 1);
static_assert(LATCHKEY_AGE_FILE_INFO_SIZE == age::kFileInfoSize);
static_assert(LATCHKEY_AGE_NONE == int(age::KeyKind::none));
static_assert(LATCHKEY_AGE_POST_QUANTUM == int(age::KeyKind::post_quantum));
static_assert(LATCHKEY_AGE_X25519 == int(age::KeyKind::x25519));
static_assert(LATCHKEY_AGE_SSH == int(age::KeyKind::ssh));
static_assert(LATCHKEY_AGE_PLUGIN == int(age::KeyKind::plugin));

struct latchkey_age_x25519 : c::Tagged<latchkey_age_x25519> {
  static constexpr std::uint64_t kTag = 0x3931'3535'3278'6b6c;  // "lkx25519"
  static constexpr const char* kWhat = "X25519 key of age";

  explicit latchkey_age_x25519(age::X25519Identity made) noexcept : key(std::move(made)) {}
  age::X25519Identity key;
};

namespace {

// f(the X-Wing key). Errors: those of f; null_argument; other_kem, if it is none.
template <class Handle, class F>
auto with_xwing(const Handle* handle, F f) noexcept {
  return c::with(handle, [&](const Handle& one) noexcept -> decltype(f(c::key_in<XWing>(one))) {
    if (one.kem.number != XWing::kHpkeId) return Error::other_kem;
    return f(c::key_in<XWing>(one));
  });
}

// f(the text). Errors: those of f; null_argument.
template <class F>
auto with_text(const char* text, std::size_t size, F f) noexcept
    -> decltype(f(std::string_view())) {
  if (c::is_missing(text, size)) return Error::null_argument;
  return f(std::string_view(text, size));
}

// What handles stand for, in an array on the heap, of plain pointers.
template <class T>
class Pointers {
 public:
  explicit Pointers(std::size_t count) noexcept
      : pointers_(static_cast<const T**>(std::malloc((count + 1) * sizeof(T*)))),
        count_(pointers_ == nullptr ? 0 : count) {}
  ~Pointers() { std::free(pointers_); }
  Pointers(const Pointers&) = delete;
  Pointers& operator=(const Pointers&) = delete;

  // The object behind each handle, which find(handle) gives.
  template <class Handle, class Find>
  [[nodiscard]] Result<std::span<const T* const>> of(const Handle* const* handles,
                                                     Find find) noexcept {
    if (pointers_ == nullptr) return Error::no_memory;
    if (c::is_missing(handles, count_)) return Error::null_argument;
    for (std::size_t i = 0; i < count_; ++i) pointers_[i] = LATCHKEY_TRY(find(handles[i]));
    return std::span<const T* const>(pointers_, count_);
  }

 private:
  const T** pointers_;
  std::size_t count_;
};

template <class Key>
auto find_xwing() noexcept {
  return [](const auto* handle) noexcept {
    return with_xwing(handle, [](const Key& key) noexcept -> Result<const Key*> { return &key; });
  };
}

Result<const age::X25519Identity*> find_x25519(const latchkey_age_x25519* handle) noexcept {
  return c::with(handle, [](const auto& one) noexcept -> Result<const age::X25519Identity*> {
    return &one.key;
  });
}

}  // namespace

// ---- Keys as text

int latchkey_age_write_recipient(const latchkey_public_key* key,
                                 char text[LATCHKEY_AGE_RECIPIENT_SIZE]) {
  if (text == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  std::memset(text, 0, LATCHKEY_AGE_RECIPIENT_SIZE);
  return c::status_of(
      with_xwing(key, [&](const xwing::EncapsulationKey& ek) noexcept -> Result<void> {
        const auto made = LATCHKEY_TRY(age::write_recipient(ek));
        std::ranges::copy(made.text(), text);
        return {};
      }));
}

int latchkey_age_parse_recipient(const char* text, size_t size, latchkey_public_key** key) {
  return c::give(key, c::public_handle<XWing>(with_text(text, size, age::parse_recipient)));
}

int latchkey_age_write_identity(const latchkey_private_key* key, latchkey_secret** text) {
  return c::give(text, with_xwing(key, [](const xwing::DecapsulationKey& dk) noexcept {
                   return age::write_identity(dk);
                 }));
}

int latchkey_age_parse_identity(const char* text, size_t size, latchkey_private_key** key) {
  return c::give(key, c::private_handle<XWing>(with_text(text, size, age::parse_identity)));
}

int latchkey_age_x25519_parse(const char* text, size_t size, latchkey_age_x25519** key) {
  return c::give(key, with_text(text, size, age::parse_x25519_identity));
}

void latchkey_age_x25519_free(latchkey_age_x25519* key) { c::release(key); }

int latchkey_age_kind_of_recipient(const char* text, size_t size) {
  if (c::is_missing(text, size)) return LATCHKEY_AGE_NONE;
  return static_cast<int>(age::kind_of_recipient({text, size}));
}

int latchkey_age_kind_of_identity(const char* text, size_t size) {
  if (c::is_missing(text, size)) return LATCHKEY_AGE_NONE;
  return static_cast<int>(age::kind_of_identity({text, size}));
}

// ---- Files

int latchkey_age_seal(const latchkey_public_key* const* recipients, size_t count,
                      latchkey_read* read, latchkey_write* write, void* user, int armor) {
  if (read == nullptr || write == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  if (!c::is_choice(armor)) return LATCHKEY_E_UNKNOWN_VALUE;
  if (count > age::kMaxRecipients) return LATCHKEY_E_TOO_LONG;
  Pointers<xwing::EncapsulationKey> pointers(count);
  const auto keys = pointers.of(recipients, find_xwing<xwing::EncapsulationKey>());
  if (!keys) return c::status_of(keys.error());
  return c::status_of(age::seal(*keys, c::source_of(read, user), c::sink_of(write, user),
                                armor == 1 ? age::Armor::yes : age::Armor::no));
}

int latchkey_age_open(const latchkey_private_key* const* keys, size_t count,
                      const latchkey_age_x25519* const* x25519, size_t x25519_count,
                      latchkey_read* read, latchkey_write* write, void* user) {
  if (read == nullptr || write == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  if (count > PTRDIFF_MAX / sizeof(void*) || x25519_count > PTRDIFF_MAX / sizeof(void*)) {
    return LATCHKEY_E_TOO_LONG;
  }
  Pointers<xwing::DecapsulationKey> pointers(count);
  Pointers<age::X25519Identity> x25519_pointers(x25519_count);
  const auto mine = pointers.of(keys, find_xwing<xwing::DecapsulationKey>());
  if (!mine) return c::status_of(mine.error());
  const auto others = x25519_pointers.of(x25519, find_x25519);
  if (!others) return c::status_of(others.error());
  return c::status_of(age::open(*mine, *others, c::source_of(read, user), c::sink_of(write, user)));
}

int latchkey_age_open_with_passphrase(const uint8_t* passphrase, size_t size, latchkey_read* read,
                                      latchkey_write* write, void* user) {
  if (read == nullptr || write == nullptr || c::is_missing(passphrase, size)) {
    return LATCHKEY_E_NULL_ARGUMENT;
  }
  return c::status_of(age::open_with_passphrase({passphrase, size}, c::source_of(read, user),
                                                c::sink_of(write, user)));
}

int latchkey_age_is_file(const uint8_t* first_bytes, size_t size) {
  return !c::is_missing(first_bytes, size) && age::is_file({first_bytes, size}) ? 1 : 0;
}

int latchkey_age_inspect(latchkey_read* read, void* user, latchkey_age_info* info) {
  if (info == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  *info = {};
  if (read == nullptr) return LATCHKEY_E_NULL_ARGUMENT;
  const auto found = age::inspect(c::source_of(read, user));
  if (!found) return c::status_of(found.error());
  *info = {.armor = found->armor == age::Armor::yes ? 1 : 0,
           .is_passphrase_file = found->is_passphrase_file ? 1 : 0,
           .recipients = found->recipients,
           .post_quantum = found->post_quantum,
           .x25519 = found->x25519,
           .work_factor = found->work_factor,
           .payload = c::status_of(found->payload)};
  return LATCHKEY_OK;
}

#include "support/purge_at_each_step.hpp"

#include "memory/slots.hpp"

namespace latchkey::test {
namespace {

constexpr int kNever = -1;
Trouble kind_of_trouble = Trouble::none;
int steps_left = kNever;  // before it

}  // namespace

bool is_due(Trouble kind) noexcept {
  return kind == kind_of_trouble && steps_left != kNever && steps_left-- == 0;
}

TroubleAt::TroubleAt(Trouble kind, int step) noexcept {
  kind_of_trouble = kind;
  steps_left = step;
}
TroubleAt::~TroubleAt() { kind_of_trouble = Trouble::none; }
bool TroubleAt::happened() const noexcept { return steps_left == kNever; }

using memory::Slot;

// The names that the linker gives to the functions of the library, and wants for those that stand
// between. LATCHKEY_SIZE is the letter of std::size_t.
#define LATCHKEY_STANDS_BEFORE(mangled) asm("__wrap__ZN8latchkey6memory" mangled)
#define LATCHKEY_STANDS_BEHIND(mangled) asm("__real__ZN8latchkey6memory" mangled)
#define LATCHKEY_BYTES_OF "8bytes_ofERKNS_8internal10SecretSlotE"
#define LATCHKEY_CHECK "15check_after_useERKNS_8internal10SecretSlotE"
#define LATCHKEY_ALLOCATE_SLOT "13allocate_slotE" LATCHKEY_SIZE
#define LATCHKEY_ALLOCATE_INHERITABLE "20allocate_inheritableE" LATCHKEY_SIZE

Result<std::uint8_t*> bytes_of(const Slot&) noexcept LATCHKEY_STANDS_BEFORE(LATCHKEY_BYTES_OF);
Result<std::uint8_t*> real_bytes_of(const Slot&) noexcept LATCHKEY_STANDS_BEHIND(LATCHKEY_BYTES_OF);
Result<void> check(const Slot&) noexcept LATCHKEY_STANDS_BEFORE(LATCHKEY_CHECK);
Result<void> real_check(const Slot&) noexcept LATCHKEY_STANDS_BEHIND(LATCHKEY_CHECK);
Result<Slot> allocate(std::size_t) noexcept LATCHKEY_STANDS_BEFORE(LATCHKEY_ALLOCATE_SLOT);
Result<Slot> real_allocate(std::size_t) noexcept LATCHKEY_STANDS_BEHIND(LATCHKEY_ALLOCATE_SLOT);
Result<Slot> inheritable(std::size_t) noexcept
    LATCHKEY_STANDS_BEFORE(LATCHKEY_ALLOCATE_INHERITABLE);
Result<Slot> real_inheritable(std::size_t) noexcept
    LATCHKEY_STANDS_BEHIND(LATCHKEY_ALLOCATE_INHERITABLE);

Result<std::uint8_t*> bytes_of(const Slot& slot) noexcept {
  if (is_due(Trouble::purge)) purge();
  return real_bytes_of(slot);
}

Result<void> check(const Slot& slot) noexcept {
  if (is_due(Trouble::purge)) purge();
  return real_check(slot);
}

Result<Slot> allocate(std::size_t size) noexcept {
  if (is_due(Trouble::purge_before_allocation)) purge();
  if (is_due(Trouble::refusal)) return Error::memory_not_locked;
  return real_allocate(size);
}

Result<Slot> inheritable(std::size_t size) noexcept {
  if (is_due(Trouble::purge_before_allocation)) purge();
  if (is_due(Trouble::refusal)) return Error::memory_not_locked;
  return real_inheritable(size);
}

}  // namespace latchkey::test

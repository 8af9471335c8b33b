#include "support/planted_row.hpp"

namespace latchkey::test {
namespace {

const core::KemOps* planted = nullptr;

}  // namespace

// The names that the linker gives to the function of the library, and wants for the one that stands
// between.
const core::KemOps& real_kem_ops() noexcept asm("__real__ZN8latchkey8dispatch7kem_opsEv");
const core::KemOps& wrapped_kem_ops() noexcept asm("__wrap__ZN8latchkey8dispatch7kem_opsEv");

const core::KemOps& wrapped_kem_ops() noexcept {
  return planted != nullptr ? *planted : real_kem_ops();
}

const core::KemOps& right_row() noexcept { return real_kem_ops(); }

PlantedRow::PlantedRow() noexcept : row(real_kem_ops()) { planted = &row; }
PlantedRow::~PlantedRow() { planted = nullptr; }

}  // namespace latchkey::test

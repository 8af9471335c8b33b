// A row of functions that the library uses in the place of that which it chose: one that makes a
// mistake, to see who notices.
//
// The linker sends the library's calls of dispatch::kem_ops here (see meson.build).
#pragma once

#include "core/ops.hpp"
#include "dispatch/dispatch.hpp"

namespace latchkey::test {

// While one lives, `row` is in use: a copy of the right one, to be changed. One at a time.
class PlantedRow {
 public:
  PlantedRow() noexcept;
  ~PlantedRow();
  PlantedRow(const PlantedRow&) = delete;
  PlantedRow& operator=(const PlantedRow&) = delete;

  core::KemOps row;
};

// The row that is in use without.
const core::KemOps& right_row() noexcept;

}  // namespace latchkey::test

// How many mappings a process may have.
#pragma once

namespace latchkey::memory {

// Whether this process has about as many as vm.max_map_count allows, to be asked after a call that
// needs another one failed. False if /proc is not there to tell. No cancellation point.
[[nodiscard]] bool has_too_many_mappings() noexcept;

}  // namespace latchkey::memory

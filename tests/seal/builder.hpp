// Making the operations of operations.hpp, each on a world of inputs and outputs off the stack.
#pragma once

#include <algorithm>

#include "api/support.hpp"
#include "scrub/place.hpp"
#include "seal/operations.hpp"

namespace latchkey::test {

inline bool same(const SharedSecret& a, const SharedSecret& b) { return copy_of(a) == copy_of(b); }
inline bool holds(const LockedBuffer& buffer, View bytes) {
  return buffer.equals(bytes).has_value();
}
inline bool is_zero(View bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

// What a place says of what was made in it.
template <class T>
Result<void> outcome(Place<T>& place) {
  return place.has_value() ? Result<void>() : Result<void>(place.error());
}

template <class World>
class Builder {
 public:
  Builder(std::vector<SealOperation>& all, std::shared_ptr<World> world, std::string suite)
      : all_(all), world_(std::move(world)), suite_(std::move(suite)) {}

  // Makes something in a place; `secrets` fills a SealSecrets.
  template <class T, class Make, class Right, class Add>
  SealOperation& make(const char* name, Place<T> World::*place, Make make, Right right, Add add) {
    auto& made = call(
        name,
        [place, make](World& w) {
          (w.*place).make([&] { return make(w); });
          return outcome(w.*place);
        },
        right, [](World&) { return true; }, add);
    made.clear = [world = world_, place] { ((*world).*place).clear(); };
    return made;
  }

  template <class Run, class Right, class Zeroed, class Add>
  SealOperation& call(const char* name, Run run, Right right, Zeroed zeroed, Add add) {
    const auto world = world_;
    all_.push_back({.name = name + suite_,
                    .run = [world, run] { return run(*world); },
                    .right = [world, right]() -> bool { return right(*world); },
                    .zeroed = [world, zeroed]() -> bool { return zeroed(*world); },
                    .secrets =
                        [world, add] {
                          SealSecrets secrets;
                          add(*world, secrets);
                          return secrets;
                        },
                    .clear = [] {}});
    return all_.back();
  }

 private:
  std::vector<SealOperation>& all_;
  std::shared_ptr<World> world_;
  std::string suite_;
};

// Those of key_file_operations.cpp, age_operations.cpp and tls_operations.cpp.
void add_key_files(std::vector<SealOperation>& all, Random& random);
void add_age(std::vector<SealOperation>& all, Random& random);
void add_tls_groups(std::vector<SealOperation>& all, Random& random);

}  // namespace latchkey::test

// Where results of the public functions are kept off the stack.
#pragma once

#include <memory>
#include <new>
#include <stdexcept>

#include "latchkey/result.hpp"

namespace latchkey::test {

// A result made where it stays, on the heap.
template <class T>
class Place {
 public:
  Place() = default;
  ~Place() { clear(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  template <class F>
  void make(F f) {
    clear();
    made_ = ::new (storage_.get()) Result<T>(f());
  }
  void clear() {
    if (made_ != nullptr) made_->~Result();
    made_ = nullptr;
  }

  T& operator*() { return made_->value(); }
  [[nodiscard]] bool has_value() const { return made_ != nullptr && made_->has_value(); }
  [[nodiscard]] Error error() const { return made_->error(); }

 private:
  struct alignas(Result<T>) Storage {
    std::byte bytes[sizeof(Result<T>)];
  };

  std::unique_ptr<Storage> storage_ = std::make_unique<Storage>();
  Result<T>* made_ = nullptr;
};

inline void expect(bool good) {
  if (!good) throw std::runtime_error("the operation failed");
}

}  // namespace latchkey::test

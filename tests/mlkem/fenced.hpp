// A value with unreadable pages around it and known bytes between it and them: what a kernel reads
// beyond its arguments crashes, and what it writes beyond them shows.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <list>
#include <stdexcept>
#include <type_traits>

#include "mlkem/oracle.hpp"

namespace latchkey::test {

// Where the value lies: next to the page before it or behind it, or `gap` bytes away if it is
// bytes, which any address will do for.
struct Site {
  enum Side { low, high } side;
  std::size_t gap = 0;
};
inline constexpr Site kAlignedSites[] = {{Site::high}, {Site::low}};
inline constexpr Site kByteSites[] = {{Site::high}, {Site::low}, {Site::high, 1}, {Site::low, 3}};

template <class T>
class Fenced {
 public:
  static_assert(std::is_trivially_copyable_v<T>);

  explicit Fenced(Site site) {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t gap = alignof(T) == 1 ? site.gap : 0;
    const std::size_t room = (sizeof(T) + gap + page - 1) / page * page;
    mapped_ = room + 2 * page;
    base_ = mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base_ == MAP_FAILED) throw std::runtime_error("no memory");
    auto* const first = static_cast<std::uint8_t*>(base_) + page;
    if (mprotect(first, room, PROT_READ | PROT_WRITE) != 0) throw std::runtime_error("mprotect");
    std::memset(first, kCanary, room);
    const std::size_t before = site.side == Site::low ? gap : room - gap - sizeof(T);
    value_ = reinterpret_cast<T*>(first + before);
    before_ = {first, before};
    after_ = {first + before + sizeof(T), room - before - sizeof(T)};
  }
  ~Fenced() { munmap(base_, mapped_); }
  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;

  T& operator*() { return *value_; }
  T* operator->() { return value_; }

  // Fills the value with what no kernel may leave there.
  void poison() { std::memset(static_cast<void*>(value_), kPoison, sizeof(T)); }

  // Whether the bytes around the value are what they were.
  bool intact() const {
    const auto untouched = [](std::uint8_t byte) { return byte == kCanary; };
    return std::all_of(before_.begin(), before_.end(), untouched) &&
           std::all_of(after_.begin(), after_.end(), untouched);
  }

 private:
  static constexpr std::uint8_t kCanary = 0xc5;
  static constexpr std::uint8_t kPoison = 0x5a;  // as a coefficient, beyond every bound

  void* base_;
  std::size_t mapped_;
  T* value_;
  oracle::ByteView before_, after_;
};

template <std::size_t N>
using FencedBytes = Fenced<std::array<std::uint8_t, N>>;

// A kernel's argument and its result, at every site.
template <class In, class Out>
struct Place {
  explicit Place(Site site) : in(site), out(site) {}

  Fenced<In> in;
  Fenced<Out> out;
};
template <class In, class Out>
std::list<Place<In, Out>> places() {
  std::list<Place<In, Out>> all;
  for (const Site site : kByteSites) all.emplace_back(site);
  return all;
}

}  // namespace latchkey::test

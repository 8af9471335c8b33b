// Fields that the sections of latchkey-seal share.
#pragma once

#include "latchkey/kem.hpp"
#include "secret.hpp"

namespace latchkey::kat {

inline Bytes revealed(const LockedBuffer& buffer) {
  return accepted(buffer.read([](auto bytes) { return revealed(bytes); }));
}

// A field of two bytes.
inline std::uint16_t number(const Record& record, std::string_view name) {
  const Bytes& bytes = record.at(name);
  if (bytes.size() != 2) throw Rejected(std::string(name) + " is not two bytes long");
  return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

// What the function for the KEM of `kem_id` makes of the record.
template <class F, class G>
Fields by_kem(const Record& record, F mlkem, G xwing) {
  switch (number(record, "kem_id")) {
    case MlKem768::kHpkeId:
      return mlkem(record);
    case XWing::kHpkeId:
      return xwing(record);
    default:
      throw Rejected("kem_id is neither 0041 nor 647a");
  }
}

}  // namespace latchkey::kat

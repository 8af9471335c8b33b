// Fields that the sections of latchkey-seal share.
#pragma once

#include <initializer_list>

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

// The function for a KEM.
struct OfKem {
  std::uint16_t id;
  Fields (*run)(const Record&);
};

// What the one for the KEM of `kem_id` makes of the record.
inline Fields by_kem(const Record& record, std::initializer_list<OfKem> functions) {
  const std::uint16_t wanted = number(record, "kem_id");
  for (const OfKem& function : functions) {
    if (function.id == wanted) return function.run(record);
  }
  throw Rejected("kem_id is that of no KEM which this section has");
}
// What run(K(), record) makes of it, for the K of `kem_id`.
template <class Run>
Fields by_kem(const Record& record, Run run) {
  const std::uint16_t wanted = number(record, "kem_id");
  if (wanted == MlKem512::kHpkeId) return run(MlKem512(), record);
  if (wanted == MlKem768::kHpkeId) return run(MlKem768(), record);
  if (wanted == MlKem1024::kHpkeId) return run(MlKem1024(), record);
  if (wanted == XWing::kHpkeId) return run(XWing(), record);
  throw Rejected("kem_id is that of no KEM which this section has");
}

}  // namespace latchkey::kat

// What is behind the handles of X-Wing's keys in the C interface (latchkey_seal.h).
#pragma once

#include "c_api/core/handles.hpp"
#include "latchkey/latchkey_seal.h"
#include "latchkey/xwing.hpp"

struct latchkey_xwing_key {
  latchkey::xwing::DecapsulationKey key;
  latchkey::LockedBuffer parcel = {};  // its seed, of a handle that children can inherit
};
struct latchkey_xwing_public {
  latchkey::xwing::EncapsulationKey key;
};

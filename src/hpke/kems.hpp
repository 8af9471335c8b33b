// The KEMs that HPKE is here for: hpke.cpp and hpke_single.cpp instantiate their templates for
// each.
#pragma once

// INSTANTIATE is a macro of one argument, a Kem.
#define LATCHKEY_EACH_HPKE_KEM(INSTANTIATE) \
  INSTANTIATE(MlKem512);                    \
  INSTANTIATE(MlKem768);                    \
  INSTANTIATE(MlKem1024);                   \
  INSTANTIATE(XWing);                       \
  INSTANTIATE(MlKem768P256);                \
  INSTANTIATE(MlKem1024P384);               \
  INSTANTIATE(DhKemP256);                   \
  INSTANTIATE(DhKemX25519)

// In place of libstdc++'s own, which asks for glibc's version. Declares what its configuration
// takes for granted; the library calls none of it.
#pragma once

#include <pthread.h>

extern "C" int pthread_cond_clockwait(pthread_cond_t*, pthread_mutex_t*, clockid_t,
                                      const struct timespec*);

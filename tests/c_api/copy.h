/* What copies_test.c finds in each shared object that is made of copy.c. */
#ifndef LATCHKEY_TESTS_C_COPY_H
#define LATCHKEY_TESTS_C_COPY_H

typedef struct copy_key copy_key;

copy_key* copy_make(void);
int copy_use(const copy_key* key); /* a status of latchkey.h */
void copy_purge(void);
void copy_free(copy_key* key);

#endif

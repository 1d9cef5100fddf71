#pragma once
/* The SHA-256 functions of <openssl/sha.h> are marked as deprecated since 3.0 in favour of EVP, whose calls
   allocate (measured with 3.0.19: two a message code); Sources/MessageAuthentication says more. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

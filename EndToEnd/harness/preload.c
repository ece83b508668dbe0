// A library that is loaded before the program and changes its environment, as libraries that trace or mask do: the block
// of variables, after which Swift's standard library has looked for the arguments, moves elsewhere.
#include <stdlib.h>

__attribute__((constructor)) static void change(void) {
    setenv("OIDC_E2E_PRELOADED", "yes", 1);
}

#include <hiredis/hiredis.h>

// What wakes the thread of a connection; no module of Swift's has it.
#include <sys/eventfd.h>

#include <sys/prctl.h>

/// Names the calling thread, of whose name 15 bytes count.
static inline void chiredis_name_thread(const char *name)
{
    prctl(PR_SET_NAME, name);
}

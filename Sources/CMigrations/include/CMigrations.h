#ifndef HOSTELRY_MIGRATIONS_H
#define HOSTELRY_MIGRATIONS_H

#include <stddef.h>

/// A numbered SQL file of the folder `Migrations`, for example "history/001.sql". `bytes` is UTF-8, `count` bytes long
/// and not terminated by zero; it lives as long as the process.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} hostelry_migration;

/// Every migration; of one store in the order of their numbers. The last entry has no name.
const hostelry_migration *hostelry_migrations(void);

#endif

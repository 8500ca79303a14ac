#ifndef HOSTELRY_BUILT_IN_FILES_H
#define HOSTELRY_BUILT_IN_FILES_H

#include <stddef.h>

/// A file that is part of the program. `bytes` is UTF-8, `count` bytes long and not terminated by zero; it lives as
/// long as the process.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} hostelry_builtin_file;

/// Every built-in file, in the order in which they are to be read: the schema files ("Schema/….xml"), then the server
/// configuration that lies beneath a file without `configSections` ("applicationHost.config"). `count` receives how
/// many there are.
const hostelry_builtin_file *hostelry_builtin_files(size_t *count);

#endif

//  The migrations, embedded when the program is compiled. A file that was given out is never edited: the next one
//  changes what it made.

#include "CMigrations.h"

// #embed is C23; clang offers it in every mode and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const hostelry_migration migrations[] = {
    {0, 0, 0},
};

const hostelry_migration *hostelry_migrations(void) { return migrations; }

//  The migrations, embedded when the program is compiled. A file that was given out is never edited: the next one
//  changes what it made.

#include "CMigrations.h"

// #embed is C23; clang offers it in every mode and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char history_1[] = {
#embed "../../Migrations/history/001.sql"
};
static const unsigned char history_2[] = {
#embed "../../Migrations/history/002.sql"
};
static const unsigned char history_3[] = {
#embed "../../Migrations/history/003.sql"
};
static const unsigned char history_4[] = {
#embed "../../Migrations/history/004.sql"
};
static const unsigned char mirror_1[] = {
#embed "../../Migrations/mirror/001.sql"
};
static const unsigned char mirror_2[] = {
#embed "../../Migrations/mirror/002.sql"
};

static const hostelry_migration migrations[] = {
    {"history/001.sql", history_1, sizeof history_1},
    {"history/002.sql", history_2, sizeof history_2},
    {"history/003.sql", history_3, sizeof history_3},
    {"history/004.sql", history_4, sizeof history_4},
    {"mirror/001.sql", mirror_1, sizeof mirror_1},
    {"mirror/002.sql", mirror_2, sizeof mirror_2},
    {0, 0, 0},
};

const hostelry_migration *hostelry_migrations(void) { return migrations; }

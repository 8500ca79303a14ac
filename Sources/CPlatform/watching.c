#include "watching.h"

int hostelry_watch_new(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }

int hostelry_watch_folder(int instance, const char *path) {
    return inotify_add_watch(instance, path,
                             IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE |
                                 IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
}

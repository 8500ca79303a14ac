#ifndef HOSTELRY_SEPARATE_H
#define HOSTELRY_SEPARATE_H

/// Goes on in a new process, which gets SIGTERM when this one ends; answers there with the descriptor that
/// `hostelry_end_separate` takes. This process waits until that is called, or the new one dies, and ends alike: it never
/// returns from here. -1 with errno where there is no new process. Only while no other thread runs.
int hostelry_begin_separate(void);

/// Lets the process that waits end with `status`, lets go of every descriptor, and ends this one as far as its threads let
/// it: one that hangs in the system keeps it, and nobody waits for that.
_Noreturn void hostelry_end_separate(int report, int status);

#endif

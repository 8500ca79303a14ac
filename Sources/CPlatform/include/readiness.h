#ifndef HOSTELRY_READINESS_H
#define HOSTELRY_READINESS_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

/// The next signal from a signalfd: its number, 0 when none is pending, -1 with errno.
int hostelry_next_signal(int descriptor);
/// Blocks the signals in this thread and answers a non-blocking descriptor that reports them; -1 with errno.
int hostelry_signal_descriptor(const int *signals, int count);
/// A non-blocking descriptor that becomes readable every `interval` nanoseconds; -1 with errno.
int hostelry_ticker(uint64_t interval);
/// A detached thread that blocks every signal; 0 or an errno.
int hostelry_start_thread(void (*run)(void *), void *context);

#endif

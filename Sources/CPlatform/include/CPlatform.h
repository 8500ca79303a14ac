// What Swift cannot call by itself: system calls without a wrapper, and what
// must happen between fork and exec.
#ifndef HOSTELRY_CPLATFORM_H
#define HOSTELRY_CPLATFORM_H

#include "accounts.h"
#include "activation.h"
#include "contents.h"
#include "files.h"
#include "listeners.h"
#include "local.h"
#include "logs.h"
#include "memory.h"
#include "opening.h"
#include "processes.h"
#include "readiness.h"
#include "rendezvous.h"
#include "running.h"
#include "sending.h"
#include "separate.h"
#include "services.h"
#include "sockets.h"
#include "watching.h"

#endif

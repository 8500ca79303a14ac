"""A folder whose files come as slowly as the test says: a file system of this process's own, through /dev/fuse.

    with SlowFolder(path, {"cold.txt": b"..."}) as folder:
        folder.hold(LOOKUP)         # from now on requests of that kind wait
        folder.release()            # they, and all later ones, are answered

Only root may mount it. Nothing that it says is kept by the kernel, so that each look asks it again.
"""

import contextlib
import ctypes
import errno
import os
import stat
import struct
import subprocess
import threading
import time

LOOKUP, GETATTR, OPEN, READ, OPENDIR, READDIR = 1, 3, 14, 15, 27, 28
FORGET, STATFS, RELEASE, FLUSH, INIT, RELEASEDIR, INTERRUPT, BATCH_FORGET = 2, 17, 18, 25, 26, 29, 36, 42
ROOT = 1
THREADS = 24
HEADER = struct.Struct("<IIQQIIIHH")
READ_ONLY_NO_SUID_NO_DEV = 1 | 2 | 4


def is_possible():
    return os.geteuid() == 0 and os.path.exists("/dev/fuse")


class SlowFolder:
    def __init__(self, path, files, delay=0.0):
        self.path = str(path)
        self.names = list(files)
        self.contents = list(files.values())
        # What every answer about a file takes. Unit: seconds.
        self.delay = delay
        self.changed = threading.Condition()
        self.held = set()
        # How many requests of each kind wait.
        self.waiting = {}

    def __enter__(self):
        os.makedirs(self.path, exist_ok=True)
        self.device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
        options = f"fd={self.device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"slow", self.path.encode(), b"fuse", READ_ONLY_NO_SUID_NO_DEV, options) != 0:
            number = ctypes.get_errno()
            os.close(self.device)
            raise OSError(number, os.strerror(number))
        for _ in range(THREADS):
            threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.release()
        subprocess.run(["umount", "--lazy", self.path], check=False)
        with contextlib.suppress(OSError):
            os.close(self.device)

    # What the test says

    def hold(self, *kinds):
        with self.changed:
            self.held = set(kinds)

    def release(self):
        with self.changed:
            self.held = set()
            self.changed.notify_all()

    def wait_for(self, kind, count, patience):
        """Whether so many requests of a kind wait."""
        with self.changed:
            return self.changed.wait_for(lambda: self.waiting.get(kind, 0) >= count, patience)

    def wait_to_answer(self, kind):
        if self.delay:
            time.sleep(self.delay)
        with self.changed:
            if kind not in self.held:
                return
            self.waiting[kind] = self.waiting.get(kind, 0) + 1
            self.changed.notify_all()
            self.changed.wait_for(lambda: kind not in self.held)
            self.waiting[kind] -= 1

    # The protocol (linux/fuse.h, version 7.31)

    def serve(self):
        while True:
            try:
                request = os.read(self.device, 1 << 18)
            except OSError as failure:
                if failure.errno in (errno.ENOENT, errno.EINTR, errno.EAGAIN):
                    continue
                return
            _, kind, number, node, *_ = HEADER.unpack_from(request)
            if kind in (FORGET, BATCH_FORGET, INTERRUPT):
                continue
            if node != ROOT or kind == LOOKUP or kind in self.held:
                self.wait_to_answer(kind)
            try:
                error, payload = 0, self.answer(kind, node, request[HEADER.size:])
            except OSError as failure:
                error, payload = -failure.errno, b""
            with contextlib.suppress(OSError):
                os.write(self.device, struct.pack("<IiQ", 16 + len(payload), error, number) + payload)

    def answer(self, kind, node, body):
        if kind == INIT:
            return struct.pack("<IIIIHHIIHHI28x", 7, 31, 1 << 17, 0, THREADS, THREADS, 4096, 1, 0, 0, 0)
        if kind == LOOKUP:
            name = body.rstrip(b"\0").decode()
            if node != ROOT or name not in self.names:
                raise OSError(errno.ENOENT, name)
            found = self.names.index(name) + 2
            return struct.pack("<QQQQII", found, 0, 0, 0, 0, 0) + self.attributes(found)
        if kind == GETATTR:
            return struct.pack("<QII", 0, 0, 0) + self.attributes(node)
        if kind in (OPEN, OPENDIR):
            return struct.pack("<QII", 0, 0, 0)
        if kind == READ:
            _, offset, size = struct.unpack_from("<QQI", body)
            return self.contents[node - 2][offset:offset + size]
        if kind == READDIR:
            _, offset, size = struct.unpack_from("<QQI", body)
            entries = b""
            for index in range(offset, len(self.names)):
                name = self.names[index].encode()
                entry = struct.pack("<QQII", index + 2, index + 1, len(name), stat.S_IFREG >> 12) + name
                entry += b"\0" * (-len(entry) % 8)
                if len(entries) + len(entry) > size:
                    break
                entries += entry
            return entries
        if kind == STATFS:
            return struct.pack("<QQQQQIIII24x", 0, 0, 0, 0, 0, 4096, 255, 4096, 0)
        if kind in (RELEASE, RELEASEDIR, FLUSH):
            return b""
        raise OSError(errno.ENOSYS, str(kind))

    def attributes(self, node):
        mode, size = (stat.S_IFDIR | 0o755, 0) if node == ROOT else (stat.S_IFREG | 0o644, len(self.contents[node - 2]))
        changed = 1_700_000_000
        return struct.pack(
            "<QQQQQQIIIIIIIIII", node, size, (size + 511) // 512, changed, changed, changed, 0, 0, 0, mode, 1, 0, 0, 0,
            4096, 0)

#!/usr/bin/python3
"""Looks around in a container, or uses up what it is given; lessons watch it."""

import ctypes
import errno
import json
import mmap
import os
import sys
import time

NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "uts", "user")
MIB = 1 << 20


def say(**what):
    """Print a line of JSON immediately."""
    print(json.dumps(what), flush=True)


def read(path):
    """Return the content of a file, without the end of the line."""
    with open(path, encoding="ascii") as stream:
        return stream.read().strip()


def look():
    """Print the view from inside the container."""
    say(
        namespaces={name: os.readlink(f"/proc/self/ns/{name}") for name in NAMESPACES},
        name=os.uname().nodename,
        kernel=os.uname().release,
        boot=read("/proc/sys/kernel/random/boot_id"),
        processes=sorted(int(name) for name in os.listdir("/proc") if name.isdigit()),
        interfaces=sorted(os.listdir("/sys/class/net")),
    )


def stay():
    """Wait, as an idle process."""
    say(ready=True)
    time.sleep(1_000_000)


def memory(mebibytes):
    """Allocate memory, and print the allocated size."""
    taken = []
    for number in range(int(mebibytes)):
        taken.append(b"x" * MIB)
        say(taken=number + 1)


def processes(number):
    """Start processes, and print their number."""
    started = 0
    error = ""
    for _ in range(int(number)):
        try:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
        except OSError as problem:
            error = errno.errorcode[problem.errno]
            break
        started += 1
    say(started=started, error=error)


def cpu(seconds):
    """Compute without a pause, and print the share of a core, in total and for each half second."""
    began = last = time.monotonic()
    used = time.process_time()
    windows = []
    while (now := time.monotonic()) - began < float(seconds):
        if now - last >= 0.5:
            windows.append(
                [round(now - began, 2), round((time.process_time() - used) / (now - last), 3)]
            )
            last, used = now, time.process_time()
    total = sum(share for _, share in windows) / len(windows)
    say(share=round(total, 4), windows=windows)


def fill(path, mebibytes):
    """Write a file, and remove it from memory."""
    with open(path, "wb") as stream:
        for _ in range(int(mebibytes)):
            stream.write(os.urandom(MIB))
        stream.flush()
        os.fsync(stream.fileno())
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    cached(path)


def through(path):
    """Read a file from its beginning to its end."""
    with open(path, "rb") as stream:
        while stream.read(MIB):
            pass
    cached(path)


def cached(path):
    """Print the share of a file that is in memory, without reading the file."""
    with open(path, "rb") as stream:
        size = os.fstat(stream.fileno()).st_size
        view = mmap.mmap(
            stream.fileno(), size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE
        )
    pages = (ctypes.c_ubyte * -(-size // mmap.PAGESIZE))()
    address = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(view)))
    if ctypes.CDLL(None, use_errno=True).mincore(address, ctypes.c_size_t(size), pages):
        raise OSError(ctypes.get_errno(), "mincore")
    say(mebibytes=round(sum(page & 1 for page in pages) * mmap.PAGESIZE / MIB, 1))


def burn():
    """Compute until the end."""
    while True:
        pass


def work(seconds):
    """Repeat the same small piece of work, as a server does, and print its durations."""
    began = time.time()
    while time.time() - began < float(seconds):
        started = time.monotonic()
        # Longer than a time slice of the scheduler: a shorter piece seldom waits for its turn.
        for number in range(1_500_000):
            number * number
        say(at=round(time.time(), 3), milliseconds=round((time.monotonic() - started) * 1000, 2))
        time.sleep(0.02)


if __name__ == "__main__":
    known = (look, stay, memory, processes, cpu, fill, through, cached, burn, work)
    commands = {one.__name__: one for one in known}
    commands[sys.argv[1]](*sys.argv[2:])

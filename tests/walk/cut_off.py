"""Run Earshot with the network cut by the kernel: ``python cut_off.py VERB ...``.

From here on, in this process, whatever library it loads and whatever child it starts, the call
that makes an IPv4 or IPv6 socket kills the process, so that nobody can swallow the refusal. Local
sockets (AF_UNIX), by which sound servers are spoken to, are let through.
"""

from __future__ import annotations

import ctypes
import platform
import signal
import socket
import struct
import sys

KILLED = -signal.SIGSYS  # how a process that made a socket ends
# Machine: its AUDIT_ARCH in linux/audit.h, and the number of socket(2) there.
CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # linux/bpf_common.h
_NUMBER, _MACHINE, _FAMILY = 0, 4, 16  # where they stand in struct seccomp_data


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def cut_off() -> None:
    """Let this process and its children make no network socket any more.

    Raises:
        OSError: the kernel does not do that.
    """
    machine, call = CALLS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_JUMP_IF_EQUAL, 0, 5, machine),  # another machine's calls, which nothing here makes: kill
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_IF_EQUAL, 0, 4, call),  # other calls than socket(2): allow
        (_LOAD, 0, 0, _FAMILY),
        (_JUMP_IF_EQUAL, 1, 0, socket.AF_INET6),
        (_JUMP_IF_EQUAL, 0, 1, socket.AF_INET),
        (_RETURN, 0, 0, _KILL),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = b"".join(struct.pack("<HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0),
                      (_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)):  # fmt: skip
        if libc.prctl(*arguments):
            raise OSError(ctypes.get_errno(), "no seccomp here")


if __name__ == "__main__":
    cut_off()
    from cli import main

    sys.argv[0] = "earshot"
    sys.exit(main(sys.argv[1:]))
